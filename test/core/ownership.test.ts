import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/core/cluster.ts";
import { snapshotName } from "../../lib/core/naming.ts";
import {
  cleanTagValue,
  madeAt,
  ownedBy,
  stampCopy,
  stampOf,
  stampSnapshot,
  tagKeys,
} from "../../lib/core/ownership.ts";
import { arnOf, type Snapshot } from "../../lib/core/snapshot.ts";
import { clusterOf, copyOf, pointOf, runAt, runOf, service, snapshotOf } from "./samples.ts";

const legalValue = /^(?!aws:|rds:)[\p{L}\p{N} _.:/=+-]{1,256}$/iu;
/** A cluster's own tags have values that its control plane has taken. */
const carriedValue = /^[\p{L}\p{N} _.:/=+\-@]{1,256}$/u;
const retention = { last: 2, daily: 7, within: { years: 1, months: 6, days: 0, hours: 0 } };
const request = { reason: "upgrade", hold: "audit, 2027", until: "2027-01-01T00:00:00Z" };

/** Tags as AWS lets a cluster have them: its own prefix, ours by accident, empty values, and many. */
const anyClusterTags = fc.dictionary(
  fc.oneof(
    fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9:/-]{0,20}$/),
    fc.stringMatching(/^(aws|AWS|rds|holdfast):[a-z]{1,9}$/),
  ),
  fc.stringMatching(/^[a-z0-9 _.:/=+\-@]{0,256}$/),
  { maxKeys: 60, noNullPrototype: true },
);

const without = (key: string, tags: Tags = snapshotOf().tags ?? {}): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== key));

describe("stamping and reading back", () => {
  it("gives back what a scheduled run stamped", () => {
    const run = runOf();
    const tags = stampSnapshot({ service, run, cluster: clusterOf(), retention });
    expect(ownedBy(service, snapshotOf({ tags }))).toEqual({
      snapshot: snapshotOf({ tags }),
      plan: "daily",
      clusterArn: clusterOf().arn,
      resource: clusterOf().resource,
      takenAt: Date.parse(runAt),
      runId: run.id,
      keep: retention,
    });
  });

  it("gives back what a person asked for, the hold in characters that RDS takes", () => {
    const run = runOf({ request });
    const tags = stampSnapshot({ service, run, cluster: clusterOf(), retention: {} });
    const id = snapshotName({ service, run, cluster: clusterOf() });
    const owned = ownedBy(service, snapshotOf({ id, tags }));
    expect(owned).toMatchObject({ keep: {}, hold: "audit- 2027", until: Date.parse(request.until) });
    expect(tags["holdfast:reason"]).toBe("upgrade");
  });

  it("gives back on a copy the source, the copy's own policy, and every promise made for the source", () => {
    const source = pointOf({
      tags: { [tagKeys.hold]: "audit", [tagKeys.until]: request.until, team: "sales" },
    });
    const tags = stampCopy({ source, retention: { daily: 3 }, carry: ["team"] });
    expect(tags.team).toBe("sales");
    expect(stampCopy({ source, retention: { daily: 3 } }).team).toBeUndefined();
    expect(ownedBy(service, snapshotOf({ region: "eu-west-1", tags }))).toMatchObject({
      source: arnOf(source.snapshot),
      keep: { daily: 3 },
      hold: "audit",
      until: source.until,
      takenAt: source.takenAt,
      resource: source.resource,
      runId: source.runId,
    });
  });

  it("says of a policy without rules that it keeps everything, as RDS refuses an empty value", () => {
    expect(stampOf({})).toBe("all");
    expect(stampOf({ last: 0 })).toBe("all");
  });

  it.each([undefined, "", "daily=seven", "daily=7 forever=1", "ALL"])(
    "does not read the policy %s",
    (keep) => {
      const tags =
        keep === undefined ? without(tagKeys.keep) : { ...snapshotOf().tags, [tagKeys.keep]: keep };
      // An empty stamp is a policy without rules; either way nothing goes by it.
      expect(ownedBy(service, snapshotOf({ tags }))?.keep ?? {}).toEqual({});
    },
  );
});

describe("what is not ours", () => {
  const ours = snapshotOf();
  const tagged = (key: string, value: string): Partial<Snapshot> => ({
    tags: { ...ours.tags, [key]: value },
  });
  it.each<readonly [string, Partial<Snapshot>]>([
    ["without a word about tags", { tags: undefined }],
    ["without tags", { tags: {} }],
    ["of another service", tagged(tagKeys.service, "snapper")],
    ["of another stage", tagged(tagKeys.service, `${service}-2`)],
    ["of a service in capitals", tagged(tagKeys.service, service.toUpperCase())],
    ["of a name that we do not give", { id: "orders-before-upgrade" }],
    ["that RDS took by itself", { manual: false }],
    ["whose plan is empty", tagged(tagKeys.plan, "")],
    ["whose time cannot be read", tagged(tagKeys.takenAt, "yesterday")],
    ["whose time JavaScript alone would read", tagged(tagKeys.takenAt, "run 7")],
    ["whose time depends on where it is read", tagged(tagKeys.takenAt, "2026-11-21T03:00:00")],
    ...(["service", "plan", "cluster", "resource", "takenAt"] as const).map(
      (word) => [`without its ${word}`, { tags: without(tagKeys[word]) }] as const,
    ),
  ])("is a snapshot %s", (_what, differs) => {
    expect(ownedBy(service, snapshotOf(differs))).toBeUndefined();
  });

  it("is never what another stage stamped, whatever it stamped", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z/-]{1,20}$/), anyClusterTags, (other, tags) => {
        fc.pre(other !== service);
        const stamped = stampSnapshot({
          service: other,
          run: runOf(),
          cluster: clusterOf({ tags }),
          retention,
          carry: ["*"],
        });
        expect(ownedBy(service, snapshotOf({ tags: stamped }))).toBeUndefined();
      }),
    );
  });
});

describe("an until", () => {
  it.each([
    ["2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["2027-01-01", "2027-01-01T00:00:00Z"],
    ["2027-01-01T01:00+01:00", "2027-01-01T00:00:00Z"],
  ])("that says %s is read", (text, instant) => {
    expect(pointOf({ tags: { [tagKeys.until]: text } }).until).toBe(Date.parse(instant));
  });

  it.each([
    "",
    "5",
    "2019",
    "ask Bob 7",
    "next spring",
    "01/02/2020",
    "2027-13-45",
    "2020-01-01T00:00:00",
    "2020-1-1",
  ])("that says %j cannot be read, rather than be long past", (text) => {
    expect(pointOf({ tags: { [tagKeys.until]: text } }).until).toBeNaN();
  });
});

describe("the tags that we send", () => {
  it("are at most 50, legal and complete, whatever tags the cluster has", () => {
    const anyCarry = fc.option(fc.array(fc.stringMatching(/^([a-z:]{1,9}|\*)$/), { maxLength: 60 }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(
        anyClusterTags,
        anyCarry,
        fc.string({ unit: "binary", minLength: 1, maxLength: 400 }),
        (tags, carry, hold) => {
          const run = runOf({ request: { ...request, hold } });
          const stamped = stampSnapshot({
            service,
            run,
            cluster: clusterOf({ tags }),
            retention,
            ...(carry && { carry }),
          });
          const id = snapshotName({ service, run, cluster: clusterOf() });
          const source = ownedBy(service, snapshotOf({ id, tags: stamped })) ?? pointOf();
          const copied = stampCopy({ source, retention, ...(carry && { carry }) });
          for (const sent of [stamped, copied]) {
            expect(Object.keys(sent).length).toBeLessThanOrEqual(50);
            expect(Object.entries(sent).filter(([, value]) => !carriedValue.test(value))).toEqual([]);
            expect(Object.keys(sent).filter((key) => /^(aws|rds):/i.test(key))).toEqual([]);
            expect(Object.keys(sent)).toEqual(
              expect.arrayContaining([tagKeys.service, tagKeys.resource, tagKeys.hold]),
            );
          }
          expect(copied[tagKeys.hold]).toBe(stamped[tagKeys.hold]);
        },
      ),
    );
  });

  it("carry the cluster's own over in order, up to 41, and those that the plan names only", () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, nth) => [`tag-${nth}`, "x"]));
    const own = (carry?: readonly string[]): readonly string[] =>
      Object.keys(
        stampSnapshot({
          service,
          run: runOf(),
          cluster: clusterOf({ tags }),
          retention,
          ...(carry && { carry }),
        }),
      ).filter((key) => key.startsWith("tag-"));
    expect(own(["*"])).toEqual(Object.keys(tags).slice(0, 41));
    expect(own()).toEqual([]);
    expect(own(["tag-7", "tag-absent", "tag-3"])).toEqual(["tag-7", "tag-3"]);
    expect(own([])).toEqual([]);
  });

  it("stay within 50 on a copy that carries every promise, by carrying one less over", () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, nth) => [`tag-${nth}`, "x"]));
    const source = pointOf({ tags: { ...many, [tagKeys.hold]: "x", [tagKeys.until]: request.until } });
    expect(Object.keys(stampCopy({ source, retention, carry: ["*"] }))).toHaveLength(50);
  });

  it("never take ours from the cluster: a restored one may carry its snapshot's", () => {
    const tags = {
      [tagKeys.hold]: "old",
      [tagKeys.source]: "arn:old",
      [tagKeys.until]: "2020-01-01T00:00:00Z",
    };
    const stamped = stampSnapshot({
      service,
      run: runOf(),
      cluster: clusterOf({ tags }),
      retention,
      carry: ["*", ...Object.keys(tags)],
    });
    expect(Object.keys(stamped)).not.toEqual(expect.arrayContaining([tagKeys.hold]));
    expect([stamped[tagKeys.source], stamped[tagKeys.until]]).toEqual([undefined, undefined]);
  });

  it("name on a copy's copy the snapshot that it was made from", () => {
    const first = copyOf(pointOf());
    expect(stampCopy({ source: first, retention })[tagKeys.source]).toBe(arnOf(first.snapshot));
  });
});

describe("cleaning a tag's value", () => {
  it("makes any text legal, and changes nothing that is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        expect(cleanTagValue(text)).toMatch(legalValue);
        expect(cleanTagValue(cleanTagValue(text))).toBe(cleanTagValue(text));
      }),
    );
  });

  it("cuts at 256 characters", () => {
    expect(cleanTagValue("a".repeat(300))).toBe("a".repeat(256));
  });

  it("does not leave half a letter at the cut", () => {
    expect(cleanTagValue(`a${"𐐀".repeat(200)}`)).toMatch(legalValue);
  });

  it.each([
    ["", "-"],
    ["   ", "-"],
    ["a,b*c'd", "a-b-c-d"],
    ["naïve Größe 1/2", "naïve Größe 1/2"],
    // DocumentDB's model and Neptune's have no @, and RDS's refuses AWS's prefixes in values too.
    ["asked for by ada@example.com", "asked for by ada-example.com"],
    [" RDS: upgrade", "RDS- upgrade"],
  ])("makes %j into %j", (text, clean) => {
    expect(cleanTagValue(text)).toBe(clean);
  });
});

describe("when a snapshot was made", () => {
  const createdAt = Date.parse("2026-11-01T04:05:06Z");

  it("is what AWS says, else what its tag says, else not known", () => {
    const tagged = (words: Tags) => snapshotOf({ tags: words });
    expect(madeAt({ ...tagged({ [tagKeys.takenAt]: runAt }), createdAt })).toBe(createdAt);
    expect(madeAt(tagged({ [tagKeys.takenAt]: runAt }))).toBe(Date.parse(runAt));
    expect(madeAt(tagged({ [tagKeys.takenAt]: "ask Bob" }))).toBeUndefined();
    expect(madeAt(snapshotOf({ tags: undefined }))).toBeUndefined();
  });
});
