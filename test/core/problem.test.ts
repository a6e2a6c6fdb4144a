import { describe, expect, it } from "vitest";
import { capProblems, type Problem, type ProblemCode } from "../../lib/core/problem.ts";

const rows = (code: ProblemCode, count: number): readonly Problem[] =>
  Array.from({ length: count }, (_, index) => ({ cluster: `c${index}`, region: "us-east-1", code }));

describe("the problems that travel", () => {
  it("are all of a few, as they are", () => {
    const few = [...rows("brake", 5), ...rows("undeletable", 2), ...rows("copy-gate", 5)];
    expect(capProblems(few)).toEqual(few);
  });

  it("are of many some of each kind, in their order", () => {
    const capped = capProblems([
      ...rows("brake", 30),
      ...rows("undeletable", 2),
      ...rows("copy-gate", 30),
      ...rows("denied", 1),
    ]);
    expect(capped).toEqual([
      ...rows("brake", 9),
      ...rows("undeletable", 2),
      ...rows("copy-gate", 8),
      ...rows("denied", 1),
    ]);
  });

  it("weigh 1,600 bytes at most, some of each kind", () => {
    const long = rows("copy-quota-full", 30).map((row) => ({ ...row, cluster: "c".repeat(63) }));
    const capped = capProblems([...long, ...rows("untold", 1)]);
    expect(new TextEncoder().encode(JSON.stringify(capped)).length).toBeLessThan(1600);
    expect(capped.map(({ code }) => code)).toEqual([...Array(12).fill("copy-quota-full"), "untold"]);
  });
});
