import { describe, expect, it } from "vitest";
import { coverageOf } from "../../lib/core/coverage.ts";
import { sightingsOf } from "../../lib/core/sighting.ts";
import { clusterOf, copyOf, dayMs, now, planOf, pointOf, service } from "./samples.ts";

describe("a sighting", () => {
  const sight = sightingsOf(service);
  const points = [1, 2, 3].flatMap((days) => {
    const point = pointOf({ at: now - days * dayMs, kmsKey: "arn:of:a:key" });
    return [point, copyOf(point)];
  });
  const sightings = points.flatMap(({ snapshot }) => sight(snapshot) ?? []);

  it("is had of every recovery point of the service, and of nothing else", () => {
    expect(sightings).toHaveLength(points.length);
    const [{ snapshot }] = points as [(typeof points)[number]];
    expect(sight({ ...snapshot, status: "failed" })).toBeUndefined();
    expect(sight({ ...snapshot, status: "copying" })).toBeUndefined();
    expect(sight({ ...snapshot, tags: { owner: "somebody" } })).toBeUndefined();
    expect(sightingsOf("holdfast-other")(snapshot)).toBeUndefined();
  });

  it("tells what coverage is measured by", () => {
    const copies = [{ region: "eu-west-1", unencrypted: true, retention: {} }];
    const seen = { plan: planOf({ copies }), clusters: [clusterOf()], now };
    expect(coverageOf({ ...seen, owned: sightings })).toEqual(coverageOf({ ...seen, owned: points }));
  });

  it("shares with others what is alike, keys by region", () => {
    const places = new Set(sightings.map(({ snapshot }) => snapshot));
    expect(places.size).toBe(2);
    expect([...places].map(({ region, kmsKey }) => `${region} ${kmsKey}`)).toEqual([
      "us-east-1 arn:of:a:key",
      "eu-west-1 undefined",
    ]);
  });
});
