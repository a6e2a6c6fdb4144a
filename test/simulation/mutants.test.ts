import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { planted } from "./mutants/planted.ts";

it.each(planted.map(({ what, ...rest }) => [what, rest] as const))(
  "the place of a planted defect is there, once: %s",
  (_what, { file, find }) => {
    expect(readFileSync(file, "utf8").split(find)).toHaveLength(2);
  },
);
