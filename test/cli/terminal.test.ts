import { describe, expect, it } from "vitest";
import { makeLedger } from "../../cli/ledger.ts";
import { announce, makeProgress } from "../../cli/progress.ts";
import { columns } from "../../cli/table.ts";
import type { JournalEntry } from "../../lib/core/journal.ts";

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

describe("progress that is not shown on a terminal", () => {
  it("has a line for each change of the work, and none for the clock and the calls", () => {
    const written: string[] = [];
    const stream = { isTTY: false, write: (text: string) => written.push(text) };
    const ledger = makeLedger();
    let calls = 0;
    const suffix = () => `calls ${calls}`;
    const progress = makeProgress({ stream: stream as never, quiet: false, ledger, suffix });
    const show = (entry?: JournalEntry) => {
      if (entry) ledger.write(entry);
      calls += 1;
      progress.show();
    };
    show();
    show({ kind: "run.started", run: "daily-1", plan: "daily", clusters: 1 });
    show({ kind: "cluster.skipped", cluster: "docs", because: "no tag backup" });
    for (const phase of ["awaited", "awaited", "available"] as const) {
      const tasks = [{ id: "orders", phase }];
      show({ kind: "batch.progress", region: "us-east-1", family: "rds", tasks });
    }
    progress.end();
    expect(written).toEqual([
      "snapshots 0/1  copies 0/0  calls 2\n",
      "snapshots 0/1 (1 running)  copies 0/0  calls 4\n",
      "snapshots 1/1  copies 0/0  calls 6\n",
    ]);
  });
});

describe("what a command is about", () => {
  it.each([
    ["is said on a terminal", true, false, ["looking at us-east-1 ...\n"]],
    ["is not said beside a document", true, true, []],
    ["is not said into a file", false, false, []],
  ])("%s", (_, isTTY, json, said) => {
    const written: string[] = [];
    announce({ json }, "looking at us-east-1", { isTTY, write: (text) => written.push(String(text)) > 0 });
    expect(written).toEqual(said);
  });
});
