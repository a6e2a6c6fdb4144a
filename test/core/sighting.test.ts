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

  it("is never taken for one in another region or under another key", () => {
    const look = sightingsOf(service);
    const places = ["us-east-1", "eu-west-1"].flatMap((region) =>
      [undefined, "arn:of:a:key", "arn:of:another"].map((kmsKey) => ({ region, kmsKey })),
    );
    const seen = places.map(({ region, kmsKey }) =>
      look(pointOf({ region, ...(kmsKey && { kmsKey }) }).snapshot),
    );
    const words = ({ region, kmsKey }: (typeof places)[number]) => `${region} ${kmsKey}`;
    expect(seen.map((one) => one && words({ kmsKey: undefined, ...one.snapshot }))).toEqual(
      places.map(words),
    );
  });
});
