import { readdirSync } from "node:fs";
import { endWhenUnread } from "../../../bench/unread.ts";
import { exitStatus } from "../../../cli/exit.ts";
import { diceOf } from "../dice.ts";
import { draw, mutantsOf } from "./drawing.ts";
import { whyEquivalent } from "./equivalent.ts";
import { readOptions } from "./options.ts";
import { openWorkshop, quickest, simulationFirst, type Verdict } from "./workshop.ts";

/** Plants the list's defects and some that are drawn, one at a time, and prints what caught each. */

endWhenUnread();
const options = readOptions(process.argv.slice(2));
const workshop = openWorkshop();
const order = options.simulationFirst ? simulationFirst : quickest;
// What a person thought out is to be noticed by what runs; of what is drawn much does not even compile.
const running = order.filter((judge) => judge !== "types");
const counts = new Map<string, number>();

const tell = (
  what: string,
  { caught = "survived", words }: Omit<Verdict, "caught"> & { caught?: string | undefined },
): void => {
  counts.set(caught, (counts.get(caught) ?? 0) + 1);
  const lines = [what, words].filter((part) => part !== "").flatMap((part) => part.split("\n"));
  console.log(`${caught.padEnd(12)} ${lines.map((line) => line.slice(0, 200)).join("\n             ")}`);
};

const plantList = (): void => {
  for (const { what, file, find, replace } of options.list) {
    const text = workshop.read(file);
    if (text.split(find).length !== 2) throw new Error(`"${find}" does not stand once in ${file}`);
    const defect = text.replace(find, () => replace);
    tell(`${file}: ${what}`, workshop.try(file, defect, running));
  }
};

const filesDrawnFrom = (): readonly string[] =>
  options.file !== undefined
    ? [options.file]
    : ["lib/core", "lib/steps"].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));

const plantDrawn = async (): Promise<void> => {
  const all = await Promise.all(filesDrawnFrom().map((file) => mutantsOf(file, workshop.read(file))));
  for (const mutant of draw(options.drawn, all.flat(), diceOf(options.seed))) {
    const { file, line, operator, before, after, text } = mutant;
    const because = whyEquivalent(mutant);
    tell(
      `${file}:${line} ${operator}\n- ${before}\n+ ${after}`,
      because === undefined ? workshop.try(file, text, order) : { caught: "equivalent", words: because },
    );
  }
};

try {
  const sound = workshop.try("lib/core/pruning.ts", workshop.read("lib/core/pruning.ts"), order);
  if (sound.caught) throw new Error(`without any defect: ${sound.caught}: ${sound.words}`);
  plantList();
  if (options.drawn > 0) await plantDrawn();
} finally {
  workshop.close();
}

console.log(`\n${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ")}`);
process.exitCode = counts.has("survived") ? exitStatus.failed : exitStatus.done;
