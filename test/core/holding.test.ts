import { describe, expect, it } from "vitest";
import { holdStep, pointsNamed, releaseStep } from "../../lib/core/holding.ts";
import { tagKeys } from "../../lib/core/ownership.ts";
import { arnOf, type SnapshotStatus } from "../../lib/core/snapshot.ts";
import { copyOf, idOf, pointOf, service } from "./samples.ts";

const held = pointOf({ tags: { [tagKeys.hold]: "audit" } });

describe("a hold", () => {
  it.each<SnapshotStatus>(["available", "creating", "copying"])(
    "is put on what is %s: it may be pruned before anybody looks again",
    (status) => {
      expect(holdStep(pointOf({ status }), "lost", "on request")).toEqual({ do: "hold", reason: "lost" });
    },
  );

  it.each<SnapshotStatus>(["failed", "deleting", "unknown"])(
    "is refused to what is %s, from which nobody can restore",
    (status) => {
      expect(holdStep(pointOf({ status }), "lost", "on request")).toMatchObject({ do: "refuse" });
    },
  );

  it("keeps its reason unless another one is given, and has one in any case", () => {
    expect(holdStep(held, undefined, "on request")).toEqual({ do: "nothing" });
    expect(holdStep(held, "audit", "on request")).toEqual({ do: "nothing" });
    expect(holdStep(held, "tax", "on request")).toEqual({ do: "hold", reason: "tax" });
    expect(holdStep(pointOf(), undefined, "on request")).toEqual({ do: "hold", reason: "on request" });
  });

  it("is taken off whatever its state, and of what is not held nothing is", () => {
    const failed = pointOf({ status: "failed", tags: { [tagKeys.hold]: "audit" } });
    expect([held, failed, pointOf()].map((one) => releaseStep(one).do)).toEqual([
      "release",
      "release",
      "nothing",
    ]);
  });
});

describe("the points that a name means", () => {
  const source = pointOf();
  const copy = copyOf(source);
  const older = pointOf({ at: "2026-11-20T03:00:00Z" });
  const listed = [source, copy, older, copyOf(older)].map(({ snapshot }) => snapshot);
  const regions = ["us-east-1", "eu-west-1"];
  const named = (name: string, differs: Partial<Parameters<typeof pointsNamed>[1]> = {}) => {
    const verdict = pointsNamed(listed, { service, name, regions, copies: false, ...differs });
    return "points" in verdict ? verdict.points.map(({ snapshot }) => arnOf(snapshot)) : verdict;
  };

  it("are those of that name alone, with their copies where these are asked for", () => {
    const [here, there] = [arnOf(source.snapshot), arnOf(copy.snapshot)];
    expect(named(here)).toEqual([here]);
    expect(named(here, { copies: true })).toEqual([here, there]);
    expect(named(idOf(source), { copies: true })).toEqual([here, there]);
    expect(named(there, { copies: true })).toEqual([there]);
    expect(named(idOf(source), { regions: ["eu-west-1"] })).toEqual([there]);
    expect(named(here, { regions: ["us-east-1"], copies: true })).toEqual([here, there]);
  });

  it("are none where it may mean several", () => {
    expect(named(idOf(source))).toMatchObject({ misuse: expect.stringContaining("in several places") });
    const twice = [source.snapshot, { ...source.snapshot, arn: "arn:of:another:service" }];
    expect(pointsNamed(twice, { service, name: idOf(source), regions, copies: false })).toMatchObject({
      misuse: expect.stringMatching(/name one by its ARN$/),
    });
  });
});
