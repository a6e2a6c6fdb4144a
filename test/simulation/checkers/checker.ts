import type {
  CoverageTold,
  Deletion,
  Departure,
  EndedRun,
  Finding,
  Invocation,
  Listing,
  Measured,
  Scene,
  SeenCall,
  Told,
  Verdict,
} from "./records.ts";

/** One invariant, told of everything that happens; what it finds wrong it says in a sentence. */
export interface Checker {
  departed?(call: Departure): void;
  answered?(call: SeenCall): void;
  found?(finding: Finding): void;
  listed?(listing: Listing): void;
  judged?(verdict: Verdict): void;
  deleted?(deletion: Deletion): void;
  invocationEnded?(invocation: Invocation): void;
  /** It ended by an error, or was ended: it has answered nothing. What it had sent may take effect still. */
  unanswered?(invocation: Invocation): void;
  runEnded?(run: EndedRun): void;
  watched?(row: CoverageTold): void;
  measured?(figure: Measured): void;
  told?(event: Told): void;
  nightEnded?(night: Night): void;
}

export interface Night {
  /** Counted from 1. */
  readonly day: number;
  /** How many nights, this one included, nothing was injected. */
  readonly calm: number;
  /** The scheduled times of each plan's runs on calm nights, oldest first. */
  readonly calmRuns: ReadonlyMap<string, readonly string[]>;
  /** Codes of the problems that each plan's last run told, by cluster and region. */
  readonly told: ReadonlyMap<string, readonly { cluster: string; region: string; code: string }[]>;
}

export type Complain = (sentence: string) => void;
export type MakeChecker = (scene: Scene, complain: Complain, count: () => void) => Checker;
