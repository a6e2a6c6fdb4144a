import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { diceOf } from "./dice.ts";
import type { Mutant } from "./mutants/drawing.ts";
import { equivalents, inOneLine } from "./mutants/equivalent.ts";
import { planted } from "./mutants/planted.ts";

it.each(planted.map(({ what, ...rest }) => [what, rest] as const))(
  "the place of a planted defect is there, once: %s",
  (_what, { file, find }) => {
    expect(readFileSync(file, "utf8").split(find)).toHaveLength(2);
  },
);

it.each(equivalents.map((one) => [one.after, one] as const))(
  "the place of an equivalent mutant is there, once: %s",
  (_after, { file, before }) => {
    expect(inOneLine(readFileSync(file, "utf8")).split(before)).toHaveLength(2);
  },
);

// Stryker asks for Node 22; only the command needs it.
describe.skipIf(Number(process.versions.node.split(".")[0]) < 22)("a mutant of Stryker's", () => {
  const text = [
    "/** Whether it is late. */",
    "export const isLate = (a: number, b: number): boolean => {",
    '  return !(a > 1 || b === 2) && "x".length < 3;',
    "};",
    "",
  ].join("\n");
  let draw: typeof import("./mutants/drawing.ts").draw;
  let mutants: readonly Mutant[];

  beforeAll(async () => {
    const drawing = await import("./mutants/drawing.ts");
    draw = drawing.draw;
    mutants = await drawing.mutantsOf("lib/core/late.ts", text);
  });

  it("is one change of the text, which keeps what binds it together", () => {
    expect(mutants.find(({ operator }) => operator === "BooleanLiteral")).toEqual({
      ...{ file: "lib/core/late.ts", line: 3, operator: "BooleanLiteral" },
      before: 'return !(a > 1 || b === 2) && "x".length < 3;',
      after: 'return (a > 1 || b === 2) && "x".length < 3;',
      text: text.replace("!(a", "(a"),
    });
  });

  it("may span lines, and is told in one", () => {
    expect(mutants.find(({ operator }) => operator === "BlockStatement")).toMatchObject({
      ...{ line: 2, after: "export const isLate = (a: number, b: number): boolean => {};" },
      text: "/** Whether it is late. */\nexport const isLate = (a: number, b: number): boolean => {};\n",
    });
  });

  it("is drawn once at most, and the same by the same seed", () => {
    const drawn = draw(mutants.length, mutants, diceOf(1));
    expect(new Set(drawn).size).toBe(mutants.length);
    expect(draw(3, mutants, diceOf(1))).toEqual(drawn.slice(0, 3));
    expect(draw(3, mutants, diceOf(2))).not.toEqual(drawn.slice(0, 3));
  });
});
