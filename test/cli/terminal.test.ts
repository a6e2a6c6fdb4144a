import { describe, expect, it } from "vitest";
import { makeLedger } from "../../cli/ledger.ts";
import { makeProgress } from "../../cli/progress.ts";
import { columns } from "../../cli/table.ts";

describe("a terminal that tells no width", () => {
  it.each([undefined, 0])("has that of most, if it tells %s", (told) => {
    expect(columns({ columns: told as number })).toBe(80);
  });

  it("shows progress all the same", () => {
    const written: string[] = [];
    const stream = { isTTY: true, columns: 0, write: (text: string) => written.push(text) };
    const progress = makeProgress({ stream: stream as never, quiet: false, ledger: makeLedger() });
    progress.show();
    expect(written.join("")).toContain("snapshots 0/0  copies 0/0");
  });
});
