import { describe, expect, expectTypeOf, it } from "vitest";
import type * as z from "zod/mini";
import type { Batch, ChildResult, Member, Task } from "../../lib/core/batch.ts";
import type { CopyTask } from "../../lib/core/copying.ts";
import type { Overrides } from "../../lib/core/override.ts";
import type { Part } from "../../lib/core/part.ts";
import type { Problem } from "../../lib/core/problem.ts";
import type { Request, Run } from "../../lib/core/run.ts";
import type { FamilyWork, SweepPlace, SweepWork } from "../../lib/core/sweep-work.ts";
import {
  type batch,
  type batchWork,
  childResults,
  copyWork,
  partResults,
  type problem,
  type run,
  runRequest,
  scheduled,
  type sweeping,
} from "../../lib/runtime/schemas.ts";
import type { BatchInput } from "../../lib/steps/batch-work.ts";
import type { CopyWork } from "../../lib/steps/copy-pass.ts";
import type { PartInput, PartRequest } from "../../lib/steps/discover.ts";

type PassedRun = z.output<typeof run>;
type PassedBatch = z.output<typeof batch>;
type PassedCopyWork = z.output<typeof copyWork>;
type PassedSweepWork = Required<z.output<typeof sweeping>>["work"];
type Work = Required<BatchInput>["work"];
type Of<T> = T extends readonly (infer Item)[] ? Item : never;

/** An optional field that a schema lacks is no error of types anywhere else: it would be gone behind the door, unseen. */
describe("what passes a door", () => {
  it("is all that the step before has written", () => {
    expectTypeOf<keyof PassedRun>().toEqualTypeOf<keyof Run>();
    expectTypeOf<keyof Required<PassedRun>["request"]>().toEqualTypeOf<keyof Request>();
    expectTypeOf<keyof Required<PassedRun>["part"]>().toEqualTypeOf<keyof Part>();
    expectTypeOf<keyof z.output<typeof runRequest>>().toEqualTypeOf<keyof PartInput>();
    expectTypeOf<keyof Required<z.output<typeof runRequest>>["part"]>().toEqualTypeOf<keyof PartRequest>();
    expectTypeOf<keyof PassedBatch>().toEqualTypeOf<keyof Batch>();
    expectTypeOf<keyof Of<PassedBatch["members"]>>().toEqualTypeOf<keyof Member>();
    expectTypeOf<keyof Required<Of<PassedBatch["members"]>>["overrides"]>().toEqualTypeOf<keyof Overrides>();
    expectTypeOf<keyof z.output<typeof problem>>().toEqualTypeOf<keyof Problem>();
    expectTypeOf<keyof Of<z.output<typeof childResults>>>().toEqualTypeOf<keyof ChildResult>();
    expectTypeOf<keyof z.output<typeof batchWork>>().toEqualTypeOf<keyof Work>();
    expectTypeOf<keyof Of<z.output<typeof batchWork>["tasks"]>>().toEqualTypeOf<keyof Task>();
    expectTypeOf<keyof PassedCopyWork>().toEqualTypeOf<keyof CopyWork>();
    expectTypeOf<keyof Of<PassedCopyWork["tasks"]>>().toEqualTypeOf<keyof CopyTask>();
    expectTypeOf<keyof PassedSweepWork>().toEqualTypeOf<keyof SweepWork>();
    expectTypeOf<keyof Of<PassedSweepWork["families"]>>().toEqualTypeOf<keyof FamilyWork>();
    expectTypeOf<keyof Of<Of<PassedSweepWork["families"]>["left"]>>().toEqualTypeOf<keyof SweepPlace>();
  });
});

it("what stands in place of a child's answer is a child that is lost, whatever it is", () => {
  const lost = { region: "*", counts: {}, problems: [], lost: "NoAnswer" };
  const done = { region: "us-east-1", counts: { pruned: 1 }, problems: [] };
  for (const instead of [null, undefined, "", {}, [], { Error: "States.Runtime" }]) {
    expect(childResults.parse([done, instead])).toEqual([done, lost]);
    expect(partResults.parse([instead])).toEqual([{ lost: "NoAnswer" }]);
  }
});

it("what an execution that began before a deployment was told of a key is asked for anew", () => {
  const work = { tasks: [], since: "2026-03-01T03:00:00Z", limit: 5, done: 0, problems: [] };
  for (const key of ["usable", "denied", "key-unusable"])
    expect(copyWork.parse({ ...work, key })).toEqual(work);
  expect(copyWork.parse({ ...work, keyUsable: true })).toEqual({ ...work, keyUsable: true });
});

it("a request with a word that nobody knows is refused: it may be the hold, misspelt", () => {
  expect(runRequest.safeParse({ plan: "daily", hold: "audit" }).success).toBe(true);
  expect(runRequest.safeParse({ plan: "daily", hlod: "audit" }).success).toBe(false);
});

it("a part and a scheduled time with a word that nobody knows are refused as well", () => {
  const part = { family: "rds", regions: ["us-east-1"], number: 1, of: 2, since: "2026-03-01T03:00:00Z" };
  expect(runRequest.safeParse({ plan: "daily", part }).success).toBe(true);
  expect(runRequest.safeParse({ plan: "daily", part: { ...part, slise: 1 } }).success).toBe(false);
  expect(runRequest.safeParse({ plan: "daily", part: { ...part, regions: [] } }).success).toBe(false);
  expect(scheduled.safeParse({ at: part.since }).success).toBe(true);
  expect(scheduled.safeParse({ at: part.since, regions: [] }).success).toBe(false);
  expect(scheduled.safeParse({ at: "tomorrow" }).success).toBe(false);
});
