import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  besideEachOther,
  chunk,
  isSettled,
  membersOf,
  type TaskPhase,
  toBatches,
} from "../../lib/core/batch.ts";
import { clusterOf } from "./samples.ts";

const anyFleet = fc
  .uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), { maxLength: 250 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            region: fc.constantFrom("us-east-1", "eu-west-1"),
            status: fc.constantFrom("available", "stopped"),
          })
          .map((differs) => clusterOf({ id, resource: `cluster-${id.toUpperCase()}`, ...differs })),
      ),
    ),
  );

describe("cutting clusters into batches", () => {
  it("loses no cluster, doubles none, and gives each its ARN, immutable id and region back", () => {
    fc.assert(
      fc.property(anyFleet, (clusters) => {
        const members = toBatches("rds", clusters).flatMap((batch) =>
          membersOf(batch).map(({ arn, id, resource, status = "available" }) => ({
            arn,
            id,
            resource,
            status,
            region: batch.region,
          })),
        );
        const facts = clusters.map(({ arn, id, resource, status, region }) => ({
          arn,
          id,
          resource,
          status,
          region,
        }));
        const byArn = (a: { arn: string }, b: { arn: string }): number => (a.arn < b.arn ? -1 : 1);
        expect(members.toSorted(byArn)).toEqual(facts.toSorted(byArn));
      }),
    );
  });

  it("puts at most 90 of one region into each", () => {
    fc.assert(
      fc.property(anyFleet, (clusters) => {
        const batches = toBatches("rds", clusters);
        expect(batches.every(({ members }) => members.length >= 1 && members.length <= 90)).toBe(true);
        expect(
          batches.every((batch) => membersOf(batch).every(({ arn }) => arn.includes(`:${batch.region}:`))),
        ).toBe(true);
      }),
    );
  });

  it("makes no more batches than are needed, and none that is small among large ones", () => {
    const fleet = Array.from({ length: 181 }, (_, nth) => clusterOf({ id: `c-${nth}` }));
    expect(toBatches("rds", fleet).map(({ members }) => members.length)).toEqual([61, 60, 60]);
    expect(toBatches("rds", [])).toEqual([]);
    const houses = Array.from({ length: 401 }, (_, nth) => clusterOf({ id: `c-${nth}`, engine: "redshift" }));
    expect(toBatches("redshift", houses).map(({ members }) => members.length)).toEqual([201, 200]);
  });

  it("deals them out, so that the first come first in their batches, which create side by side", () => {
    const fleet = Array.from({ length: 181 }, (_, nth) => clusterOf({ id: `c-${nth}` }));
    const first = toBatches("rds", fleet).map(({ members }) => members.slice(0, 2).map(({ id }) => id));
    expect(first).toEqual([
      ["c-0", "c-3"],
      ["c-1", "c-4"],
      ["c-2", "c-5"],
    ]);
  });

  it("keeps two accounts apart that share a region, as a batch has one prefix", () => {
    const other = clusterOf({ arn: "arn:aws:rds:us-east-1:999999999999:cluster:orders" });
    expect(toBatches("rds", [clusterOf(), other]).map(({ arnPrefix }) => arnPrefix)).toEqual([
      "arn:aws:rds:us-east-1:123456789012:cluster:",
      "arn:aws:rds:us-east-1:999999999999:cluster:",
    ]);
  });

  it("carries a status only where nobody waits for that cluster's snapshot", () => {
    const [batch] = toBatches("rds", [clusterOf({ id: "a" }), clusterOf({ id: "b", status: "stopped" })]);
    expect(batch?.members.map((member) => member.status)).toEqual([undefined, "stopped"]);
  });
});

describe("batches beside each other", () => {
  const batchIn = (region: string, family: "rds" | "redshift" = "rds") => ({
    ...{ region, family, arnPrefix: `arn:aws:${family}:${region}:123456789012:cluster:` },
    members: [],
  });

  it("count those of their own family, which call the same control plane", () => {
    const [east, west, house] = [
      batchIn("us-east-1"),
      batchIn("us-west-2"),
      batchIn("us-east-1", "redshift"),
    ];
    expect(besideEachOther([east, east, west, house]).map(({ lanes }) => lanes)).toEqual([
      { region: 2, run: 3 },
      { region: 2, run: 3 },
      { region: 1, run: 3 },
      undefined,
    ]);
  });
});

describe("chunks", () => {
  it("put together again are the list, and only the last is short", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (items, size) => {
        const chunks = chunk(items, size);
        expect(chunks.flat()).toEqual(items);
        expect(chunks.slice(0, -1).every(({ length }) => length === size)).toBe(true);
        expect(chunks.every(({ length }) => length > 0)).toBe(true);
      }),
    );
  });
});

describe("a task", () => {
  it.each<readonly [TaskPhase, boolean]>([
    ["due", false],
    ["awaited", false],
    ["available", true],
    ["failed", true],
    ["skipped", true],
  ])("that is %s is settled: %s", (phase, settled) => {
    expect(isSettled({ id: "orders", phase })).toBe(settled);
  });
});
