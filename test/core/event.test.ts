import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copiedEvent, createdEvent, eventTypes, prunedEvent, runEvent } from "../../lib/core/event.ts";
import { arnOf } from "../../lib/core/snapshot.ts";
import type { Summary } from "../../lib/core/summary.ts";
import { copyOf, hourMs, now, pointOf, runOf, service } from "./samples.ts";

const point = pointOf();
const input = { service, run: "daily-20261121t030000z", point, now };
const copy = { ...input, point: copyOf(point) };

const totals = { clusters: 2, snapshots: 1, copies: 0, pruned: 3, problems: 1 };
const problem = { cluster: "orders", region: "us-east-1", code: "denied" } as const;
const summaryOf = (outcome: Summary["outcome"]): Summary => ({ outcome, totals, problems: [problem] });
const ended = (outcome: Summary["outcome"], run = runOf(), of = service) =>
  runEvent({ service: of, run, summary: summaryOf(outcome), problems: [problem] });

describe("an event about a recovery point", () => {
  it("names it, its cluster and its run, and is about its ARN", () => {
    expect(createdEvent(input)).toEqual({
      type: "Holdfast Recovery Point Created",
      time: "2026-11-21T04:00:00.000Z",
      resources: [arnOf(point.snapshot)],
      detail: {
        version: 1,
        id: `${service}/created/${arnOf(point.snapshot)}`,
        ...{ service, plan: "daily", run: "daily-20261121t030000z" },
        cluster: "arn:aws:rds:us-east-1:123456789012:cluster:orders",
        ...{ resource: "cluster-ABCDEFGHIJKLMNOP", takenAt: "2026-11-21T03:00:00.000Z" },
        ...{ region: "us-east-1", snapshot: point.snapshot.id, arn: arnOf(point.snapshot) },
      },
    });
  });

  it("tells of a copy its own region and what it was made from", () => {
    const { type, resources, detail } = copiedEvent(copy);
    expect([type, resources]).toEqual(["Holdfast Recovery Point Copied", [arnOf(copy.point.snapshot)]]);
    expect(detail).toMatchObject({ region: "eu-west-1", source: arnOf(point.snapshot) });
  });

  it("tells of a deletion why, and the run that deleted, not the one that took it", () => {
    const { type, detail } = prunedEvent({ ...input, run: "sweep-1", because: ["no rule keeps it"] });
    expect(type).toBe("Holdfast Recovery Point Pruned");
    expect(detail).toMatchObject({ run: "sweep-1", because: ["no rule keeps it"] });
  });

  it("has the same id however often and whenever it is told", () => {
    const anyTime = fc.integer({ min: 0, max: 4e12 });
    const telling = fc.tuple(anyTime, fc.string());
    fc.assert(
      fc.property(telling, telling, ([first, run], [later, other]) => {
        for (const tell of [createdEvent, copiedEvent])
          expect(tell({ ...input, now: first, run }).detail.id).toBe(
            tell({ ...input, now: later, run: other }).detail.id,
          );
      }),
    );
  });

  it("has another id for another deed, point, region or service", () => {
    const others = [1, 2, 3].map((hours) => ({ ...input, point: pointOf({ at: now - hours * hourMs }) }));
    const inputs = [input, copy, ...others, { ...input, service: "holdfast-dev" }];
    const ids = inputs.flatMap((one) => [
      createdEvent(one).detail.id,
      copiedEvent(one).detail.id,
      prunedEvent({ ...one, because: [] }).detail.id,
    ]);
    // One of the three hours ago is the sample's own run.
    expect(new Set(ids).size).toBe(ids.length - 3);
  });
});

describe("an event about a run", () => {
  it("says that it was complete, with its totals and no problems", () => {
    expect(ended("complete")).toEqual({
      type: "Holdfast Backup Completed",
      time: "2026-11-21T03:00:00Z",
      resources: [],
      detail: {
        version: 1,
        id: `${service}/daily-20261121t030000z/complete`,
        ...{ service, plan: "daily", run: "daily-20261121t030000z", at: "2026-11-21T03:00:00Z", totals },
      },
    });
  });

  it("says that it was incomplete, and each problem in words", () => {
    const { type, detail } = ended("incomplete");
    expect(type).toBe("Holdfast Backup Incomplete");
    expect(detail.problems).toEqual([
      { ...problem, sentence: "AWS refused the permission; see the function's role" },
    ]);
  });

  it("has an id of its own for each run, outcome and service, and the same for a second execution", () => {
    const ids = [
      ended("complete"),
      ended("incomplete"),
      ended("complete", runOf({ plan: "weekly" })),
      ended("complete", runOf({ at: "2026-11-22T03:00:00Z" })),
      ended("complete", runOf({ request: { reason: "before the migration" } })),
      ended("complete", runOf(), "holdfast-dev"),
    ].map(({ detail }) => detail.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ended("complete").detail.id).toBe(ids[0]);
  });
});

it("each type is said by one of these", () => {
  const said = [
    ...[createdEvent(input), copiedEvent(copy), prunedEvent({ ...input, because: [] })],
    ...[ended("complete"), ended("incomplete")],
  ].map(({ type }) => type);
  expect(said.toSorted()).toEqual(eventTypes.toSorted());
});
