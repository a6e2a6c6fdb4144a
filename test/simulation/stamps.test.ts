import { describe, expect, it } from "vitest";
import type { SeenCall, SeenSnapshot } from "./checkers/records.ts";
import {
  copyOf,
  day,
  deletion,
  newest,
  now,
  orders,
  plan,
  point,
  prune,
  watch,
} from "./checkers/violations.ts";

/** Each thing that a tag may tell wrongly is seen to be found. */

const run = "daily-20260610t023000z";
const right = {
  "holdfast:service": "holdfast/sim",
  "holdfast:plan": "daily",
  "holdfast:cluster": orders.arn,
  "holdfast:resource": "cluster-A",
  "holdfast:taken-at": day(10),
  "holdfast:run": run,
  "holdfast:keep": "daily=3",
  team: "shop",
};
const cluster = { ...orders, tags: new Map([...orders.tags, ["team", "shop"], ["env", "prod"]]) };

const writing = (tags: Record<string, string | undefined>): [string, string][] =>
  Object.entries(tags).flatMap(([key, value], nth): [string, string][] =>
    value === undefined
      ? []
      : [
          [`Tags.Tag.${nth}.Key`, key],
          [`Tags.Tag.${nth}.Value`, value],
        ],
  );

const call = (
  operation: string,
  parameters: Record<string, string>,
  tags: Record<string, string | undefined>,
  more: Partial<SeenCall> = {},
): SeenCall => ({
  ...{ invocation: prune, operation, region: "us-east-1", at: now, status: 200, code: "", body: "" },
  parameters: new Map([...Object.entries(parameters), ...writing(tags)]),
  ...more,
});

const complaintsOf = (parts: Parameters<typeof watch>[1], ...calls: readonly SeenCall[]): number => {
  const { checker, complaints } = watch("stamps", { cluster, ...parts });
  for (const one of calls) checker.answered?.(one);
  return complaints.length;
};

describe("stamps of a snapshot", () => {
  const taken = (tags: Record<string, string | undefined>, more: Partial<SeenCall> = {}) =>
    call(
      "CreateDBClusterSnapshot",
      { DBClusterSnapshotIdentifier: newest.id, DBClusterIdentifier: "orders" },
      { ...right, ...tags },
      more,
    );
  it("are right as they should be", () => {
    expect(complaintsOf({}, taken({}))).toBe(0);
  });
  it.each([
    ["another service", { "holdfast:service": "holdfast/other" }],
    ["another plan", { "holdfast:plan": "ledger" }],
    ["another cluster", { "holdfast:cluster": `${orders.arn}-x` }],
    ["another resource", { "holdfast:resource": "cluster-B" }],
    ["another time", { "holdfast:taken-at": day(9) }],
    ["another run", { "holdfast:run": "daily-20260609t023000z" }],
    ["a hold that nobody asked for", { "holdfast:hold": "audit" }],
    ["an until that nobody asked for", { "holdfast:until": day(20) }],
    ["a reason that nobody gave", { "holdfast:reason": "the auditors" }],
    ["a carried tag of another value", { team: "team" }],
    ["a carried tag that is missing", { team: undefined }],
    ["a tag that is not carried", { env: "prod" }],
  ])("are objected to for %s", (_, tags) => {
    expect(complaintsOf({}, taken(tags))).toBe(1);
  });
  it("are what a person asked for", () => {
    const wish = { hold: "audit", until: day(20), reason: "the auditors" };
    const asked = { invocation: { ...prune, asked: true as const, wish } };
    const own = {
      ...{ "holdfast:run": `${run}-abcdef`, "holdfast:hold": "audit", "holdfast:until": day(20) },
      "holdfast:reason": "the auditors",
    };
    expect(complaintsOf({}, taken(own, asked))).toBe(0);
    expect(complaintsOf({}, taken({ ...own, "holdfast:hold": undefined }, asked))).toBe(1);
    expect(complaintsOf({}, taken({ ...own, "holdfast:until": day(21) }, asked))).toBe(1);
    expect(complaintsOf({}, taken({ ...own, "holdfast:reason": undefined }, asked))).toBe(1);
  });
  it("are objected to where AWS would delete it by itself", () => {
    const warehouse = { ...cluster, family: "redshift" as const, engine: "redshift" };
    const kept = (days: string) =>
      call(
        "CreateClusterSnapshot",
        { SnapshotIdentifier: newest.id, ClusterIdentifier: "orders", ManualSnapshotRetentionPeriod: days },
        right,
      );
    expect(complaintsOf({ cluster: warehouse }, kept("-1"))).toBe(0);
    expect(complaintsOf({ cluster: warehouse }, kept("7"))).toBe(1);
  });
});

describe("stamps of a copy", () => {
  const source = point(10, {}, { "holdfast:run": run, team: "shop", env: "prod" });
  const tags = { ...right, "holdfast:source": source.arn };
  const copied = (more: Record<string, string | undefined>, parameters: Record<string, string> = {}) =>
    call(
      "CopyDBClusterSnapshot",
      {
        TargetDBClusterSnapshotIdentifier: source.id,
        SourceDBClusterSnapshotIdentifier: source.arn,
        ...parameters,
      },
      { ...tags, ...more },
      { region: "eu-west-1" },
    );
  it("are its source's, and tell which that is", () => {
    const snapshots = [source];
    expect(complaintsOf({ snapshots }, copied({}))).toBe(0);
    expect(complaintsOf({ snapshots }, copied({ "holdfast:source": orders.arn }))).toBe(1);
    expect(complaintsOf({ snapshots }, copied({ "holdfast:run": "x" }))).toBe(1);
    expect(complaintsOf({ snapshots }, copied({ team: "search" }))).toBe(1);
    expect(complaintsOf({ snapshots }, copied({ env: "prod" }))).toBe(1);
  });
  it("hold where the source was held as it was made, and may where it is held since", () => {
    const held: SeenSnapshot = { ...source, tags: new Map([...source.tags, ["holdfast:hold", "audit"]]) };
    const snapshots = [held];
    const made = call(
      "CreateDBClusterSnapshot",
      { DBClusterSnapshotIdentifier: held.id, DBClusterIdentifier: "orders" },
      { ...right, "holdfast:run": `${run}-abcdef`, "holdfast:hold": "audit" },
      { invocation: { ...prune, asked: true, wish: { hold: "audit" } } },
    );
    expect(complaintsOf({ snapshots }, made, copied({ "holdfast:hold": "audit" }))).toBe(0);
    expect(complaintsOf({ snapshots }, made, copied({}))).toBe(1);
    expect(complaintsOf({ snapshots }, copied({}))).toBe(0);
  });
  it("are nothing without the plan's key, where what is copied is encrypted", () => {
    const snapshots = [{ ...source, encrypted: true }];
    const keyed = { ...plan, copies: [{ region: "eu-west-1", key: "alias/backup" }] };
    const under = (key: Record<string, string>, some = snapshots) =>
      complaintsOf({ plan: keyed, snapshots: some }, copied({}, key));
    expect(under({ KmsKeyId: "alias/backup" })).toBe(0);
    expect(under({ KmsKeyId: "alias/aws/rds" })).toBe(1);
    expect(under({})).toBe(1);
    expect(under({ KmsKeyId: "alias/backup" }, [source])).toBe(1);
  });
});

describe("stamps of what AWS has copied", () => {
  const source = point(10, { family: "redshift", engine: "redshift" }, { "holdfast:run": run, team: "shop" });
  const { sourceArn: _, ...copy } = copyOf(source, { id: `copy:${source.id}`, arn: "arn:copy" });
  const arrival: SeenSnapshot = { ...copy, sourceRegion: "us-east-1" };
  const tags = { ...right, "holdfast:source": source.arn };
  const tagged = (more: Record<string, string | undefined> = {}) =>
    call("CreateTags", { ResourceName: arrival.arn }, { ...tags, ...more }, { region: "eu-west-1" });
  // Found by seed 197093: of two runs that took a cluster's snapshots at one moment.
  it("are those of the source whose name it bears", () => {
    const other = { ...source, id: "holdfast-other", arn: source.arn.replace(source.id, "holdfast-other") };
    expect(complaintsOf({ snapshots: [other, source, arrival] }, tagged())).toBe(0);
  });
  it("are as other copies'", () => {
    const snapshots = [source, arrival];
    expect(complaintsOf({ snapshots }, tagged())).toBe(0);
    expect(complaintsOf({ snapshots }, tagged({ "holdfast:keep": "all" }))).toBe(1);
    expect(complaintsOf({ snapshots }, tagged({ "holdfast:taken-at": day(9) }))).toBe(1);
  });
  it("are on nothing that is not ours", () => {
    expect(complaintsOf({ snapshots: [arrival] }, tagged())).toBeGreaterThan(0);
    const theirs = { ...source, id: "before-upgrade", tags: new Map<string, string>() };
    expect(complaintsOf({ snapshots: [theirs, arrival] }, tagged())).toBeGreaterThan(0);
  });
  // Found by seed 944: a person deleted a source, and another execution of its run made it anew.
  it("are right where the source was made anew under its name", () => {
    const anew = { ...source, createdAt: source.createdAt + 1 };
    expect(complaintsOf({ snapshots: [anew, arrival] }, tagged())).toBe(0);
    const other = { ...anew, id: source.id.replace("orders", "others") };
    expect(complaintsOf({ snapshots: [other, arrival] }, tagged())).toBeGreaterThan(0);
  });
  // Its first answer was lost, or another execution had recognised it: then a person, or a prune, may delete it meanwhile.
  it("are right on what is there no more, where it was there when the call began", () => {
    const snapshots = [source];
    const removals = [{ at: now, snapshot: arrival }];
    expect(complaintsOf({ snapshots, removals }, tagged())).toBe(0);
    expect(complaintsOf({ snapshots, removals }, tagged({ "holdfast:keep": "all" }))).toBe(1);
    const before = [{ at: now - 1, snapshot: arrival }];
    expect(complaintsOf({ snapshots, removals: before }, tagged())).toBeGreaterThan(0);
    const { checker, complaints } = watch("stamps", { cluster, snapshots });
    checker.deleted?.(deletion(arrival));
    checker.answered?.(tagged());
    expect(complaints).toEqual([]);
  });
  it("are objected to where another plan's run writes them", () => {
    const by = { ...tagged(), invocation: { ...prune, plan: "ledger" } };
    expect(complaintsOf({ snapshots: [source, arrival] }, by)).toBe(1);
  });
});
