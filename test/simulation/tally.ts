import { createHash } from "node:crypto";

/** What came of simulations: counts for the summary, and the log of one run's events with its fingerprint. */
export interface Tally {
  readonly injected: Map<string, number>;
  /** `fault x function`: how often a function met a fault, or ran while one was in force. */
  readonly coverage: Map<string, number>;
  readonly checked: Map<string, number>;
  /** `plan outcome`: what scheduled runs were reported as. */
  readonly outcomes: Map<string, number>;
  nights: number;
  executions: number;
  /** Of the executions, those that did a part of a run. */
  parts: number;
  invocations: number;
  calls: number;
  deletions: number;
}

export const newTally = (): Tally => ({
  ...{ injected: new Map(), coverage: new Map(), checked: new Map(), outcomes: new Map() },
  ...{ nights: 0, executions: 0, parts: 0, invocations: 0, calls: 0, deletions: 0 },
});

export const count = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

/** Adds what another simulation counted. */
export const addTally = (tally: Tally, more: Tally): void => {
  for (const counts of ["injected", "coverage", "checked", "outcomes"] as const)
    for (const [name, times] of more[counts]) tally[counts].set(name, (tally[counts].get(name) ?? 0) + times);
  for (const counts of ["nights", "executions", "parts", "invocations", "calls", "deletions"] as const)
    tally[counts] += more[counts];
};

/** One line for each event of the world, in order; the same seed writes the same bytes. */
export interface EventLog {
  write(line: string): void;
  /** SHA-256 of all lines so far. */
  fingerprint(): string;
}

export const makeEventLog = (now: () => number, onLine: (line: string) => void = () => {}): EventLog => {
  const hash = createHash("sha256");
  return {
    write: (line) => {
      const whole = `${new Date(now()).toISOString()} ${line}`;
      hash.update(`${whole}\n`);
      onLine(whole);
    },
    fingerprint: () => hash.copy().digest("hex"),
  };
};
