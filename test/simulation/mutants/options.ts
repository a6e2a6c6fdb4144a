import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { Misuse } from "../../../cli/exit.ts";
import { type Planted, planted } from "./planted.ts";

/** What the command `npm run mutants` was asked for. */
export interface MutantsOptions {
  /** How many are drawn. */
  readonly drawn: number;
  readonly seed: number;
  /** Of the planted list. */
  readonly list: readonly Planted[];
  /** The one file that is drawn from. */
  readonly file?: string;
  readonly simulationFirst: boolean;
}

/** Reads the command's arguments; whatever is wrong with them is a `Misuse` of one sentence. */
export const readOptions = (args: readonly string[]): MutantsOptions => {
  const { drawn, seed, only, file, list, "simulation-first": simulationFirst } = parsed(args);
  return {
    ...{ drawn: whole("drawn", drawn), seed: whole("seed", seed), simulationFirst },
    list: list ? described(only) : [],
    ...(file !== undefined && { file: productFile(file) }),
  };
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        drawn: { type: "string", default: "20" },
        seed: { type: "string", default: "1" },
        only: { type: "string", default: "" },
        file: { type: "string" },
        list: { type: "boolean", default: true },
        "simulation-first": { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    const [words = ""] = (error as Error).message.split(/\.(?: |\n|$)|\n/);
    throw new Misuse(`${words}; there are --drawn, --seed, --only, --file, --no-list and --simulation-first`);
  }
};

const whole = (name: string, text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Misuse(`--${name} is "${text}"; use a whole number from 0 up`);
};

const described = (only: string): readonly Planted[] => {
  const some = planted.filter(({ what }) => what.includes(only));
  if (some.length > 0) return some;
  throw new Misuse(`--only is "${only}", which no defect of the list has in its words`);
};

const productFile = (file: string): string => {
  if (/^lib\/(core|engines|runtime|steps)\/[\w-]+\.ts$/.test(file) && existsSync(file)) return file;
  throw new Misuse(`--file is "${file}"; use a file of the product such as lib/core/pruning.ts`);
};
