import { expect, it } from "vitest";
import { makeLedger } from "../../cli/ledger.ts";
import type { JournalEntry } from "../../lib/core/journal.ts";

const progressAfter = (entries: readonly JournalEntry[]) => {
  const ledger = makeLedger();
  for (const entry of entries) ledger.write(entry);
  return ledger.progress();
};

const batch = (
  region: string,
  family: "rds" | "redshift",
  phases: Readonly<Record<string, "awaited" | "available" | "failed">>,
): JournalEntry => ({
  ...{ kind: "batch.progress", region, family },
  tasks: Object.entries(phases).map(([id, phase]) => ({ id, phase })),
});

it("counts each cluster by its batch's last word, one of the same name elsewhere or in another family apart", () => {
  const { phases } = progressAfter([
    batch("us-east-1", "rds", { orders: "awaited", carts: "awaited" }),
    batch("us-west-2", "rds", { orders: "awaited" }),
    batch("us-east-1", "redshift", { orders: "failed" }),
    batch("us-east-1", "rds", { orders: "available", carts: "awaited" }),
  ]);
  expect(phases).toEqual({ awaited: 2, available: 1, failed: 1 });
});

const queue = (
  where: { readonly region: string; readonly part?: string },
  done: number,
  ...phases: readonly ("awaited" | "copying" | "arriving")[]
): JournalEntry => ({
  ...{ kind: "queue.progress", ...where, done },
  tasks: phases.map((phase, nth) => ({
    ...{ cluster: `c${nth}`, region: "us-east-1", family: "rds", source: `s${nth}`, phase },
  })),
});

it("adds up the copies of all pumps, each by its last word: those of a run's parts meet in one region", () => {
  const progress = progressAfter([
    queue({ region: "eu-west-1", part: "rds 1/2" }, 0, "awaited", "awaited", "awaited"),
    queue({ region: "eu-west-1", part: "rds 2/2" }, 4, "copying", "awaited"),
    queue({ region: "eu-central-1" }, 8, "arriving"),
    queue({ region: "eu-west-1", part: "rds 1/2" }, 1, "copying", "awaited"),
  ]);
  expect(progress).toMatchObject({ copiesDone: 13, copiesRunning: 3, copiesLeft: 5 });
});
