import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { diceOf } from "../dice.ts";
import { type Mutant, mutantsOf, mutate } from "./operators.ts";
import { planted } from "./planted.ts";
import { openWorkshop, type Verdict } from "./workshop.ts";

/**
 * npm run mutants -- [--drawn COUNT] [--seed N] [--only TEXT]
 * Plants defects one at a time in a copy of the project and says what caught each: those of the list, and COUNT
 * that are drawn from all that the mechanical operators make of lib/core and lib/steps.
 */

const { values } = parseArgs({
  options: {
    drawn: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
  },
});

const workshop = openWorkshop();
const counts = new Map<Verdict, number>();

const tell = (what: string, file: string, text: string): void => {
  const { verdict, words } = workshop.try(file, text);
  counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  console.log(`${verdict.padEnd(11)} ${what}${words ? `\n            ${words.slice(0, 200)}` : ""}`);
};

const drawMutants = (count: number, seed: number): readonly Mutant[] => {
  const dice = diceOf(seed);
  const files = ["lib/core", "lib/steps"].flatMap((folder) =>
    readdirSync(new URL(`../../../${folder}/`, import.meta.url)).map((name) => `${folder}/${name}`),
  );
  const all = files.flatMap((file) => mutantsOf(file, workshop.read(file)));
  return Array.from({ length: count }, () => dice.one(all));
};

try {
  const sound = workshop.try("lib/core/pruning.ts", workshop.read("lib/core/pruning.ts"));
  if (sound.verdict !== "survived") throw new Error(`without any defect: ${sound.verdict}: ${sound.words}`);
  for (const { what, file, find, replace } of planted.filter(({ what }) => what.includes(values.only))) {
    const text = workshop.read(file);
    if (text.split(find).length !== 2) throw new Error(`"${find}" does not stand once in ${file}`);
    tell(
      `${file}: ${what}`,
      file,
      text.replace(find, () => replace),
    );
  }
  for (const mutant of drawMutants(Number(values.drawn), Number(values.seed))) {
    const { file, line, operator, before, after } = mutant;
    const what = `${file}:${line} ${operator}\n            - ${before.trim()}\n            + ${after.trim()}`;
    tell(what, file, mutate(workshop.read(file), mutant));
  }
} finally {
  workshop.close();
}

console.log(`\n${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ")}`);
process.exitCode = counts.has("survived") ? 1 : 0;
