import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Arguments {
  readonly port: number;
  /** Path of a fleet file; without one the account is empty. */
  readonly fleet?: string;
  /** Virtual seconds per second. */
  readonly speed: number;
  readonly json: boolean;
}

/** Why the program cannot go on, in words for whoever started it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** 2 where the command line is wrong, 1 where what it names is. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const usage = `Serves a simulated AWS with the clusters and snapshots of a fleet file.

  npm run simulator -- [--port 4566] [--fleet FILE] [--speed N] [--json]

  --port N      port on 127.0.0.1; 0 takes any free one (default 4566)
  --fleet FILE  what there is at the start, as in simulator/example-fleet.yaml;
                without it the account is empty
  --speed N     how many times faster than real time its clock runs, above 0
                and up to ${86_400}: that is a day in a second (default 1)
  --json        print where it serves as one line of JSON
  --help        print this`;

const options = {
  port: { type: "string", default: "4566" },
  fleet: { type: "string" },
  speed: { type: "string", default: "1" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the command line; "help" where that is all it asks for. Throws Refusal. */
export const readArguments = (given: readonly string[]): Arguments | "help" => {
  // Not strict: node's own messages speak of escaping with "--", which helps nobody here.
  const { values, tokens } = parseArgs({
    args: [...given],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  if (values.help) return "help";
  for (const token of tokens) assertKnown(token);
  const fleet = values.fleet as string | undefined;
  return {
    port: numberOf("--port", values.port as string, { from: 0, to: 65_535, whole: true }),
    speed: numberOf("--speed", values.speed as string, { from: Number.MIN_VALUE, to: 86_400, whole: false }),
    json: values.json === true,
    ...(fleet !== undefined && { fleet }),
  };
};

type Token = ReturnType<typeof parseArgs<{ tokens: true; strict: false }>>["tokens"][number];

const assertKnown = (token: Token): void => {
  if (token.kind === "option-terminator") return;
  if (token.kind === "positional") {
    throw new Refusal(`"${token.value}" belongs to no option; a fleet file is given as --fleet FILE`, 2);
  }
  const option = Object.hasOwn(options, token.name) ? options[token.name as keyof typeof options] : undefined;
  if (!option) {
    throw new Refusal(`there is no option ${token.rawName}; --help lists those there are`, 2);
  }
  if (option.type === "string" && !token.value) {
    throw new Refusal(`${token.rawName} needs a value; write it as ${token.rawName} VALUE`, 2);
  }
  if (option.type === "boolean" && token.value !== undefined) {
    throw new Refusal(`${token.rawName} takes no value; leave out "${token.value}"`, 2);
  }
};

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

const numberOf = (name: string, given: string, { from, to, whole }: Range): number => {
  const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (value >= from && value <= to && (!whole || Number.isInteger(value))) return value;
  const wanted = whole ? `a whole number from ${from} to ${to}` : `a number above 0 and up to ${to}`;
  throw new Refusal(`${name} is "${given}"; use ${wanted}`, 2);
};
