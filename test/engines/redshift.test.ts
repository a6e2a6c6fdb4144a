import { describe, expect, it } from "vitest";
import { isOurName } from "../../lib/core/naming.ts";
import { arnOf } from "../../lib/core/snapshot.ts";
import { redshift } from "../../lib/engines/redshift.ts";
import { IncompleteListingError, RefusedError, TransientError } from "../../lib/errors.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { away, clientsOf, home, numbered, openLab, orderFor, owned, pointOf, run, service } from "./lab.ts";
import { serveAnswers } from "./serve.ts";

/** What is peculiar to Redshift: copies by the cluster's setting, batch deletion, progress by time. */
const listCalls = "redshift.DescribeClusterSnapshots";
const clusterCalls = "redshift.DescribeClusters";

const fleet: Fleet = {
  settings: {
    snapshotBaseSeconds: 100,
    snapshotSecondsPerGib: 0,
    copyBaseSeconds: 200,
    copySecondsPerGib: 0,
  },
  clusters: [
    {
      region: home,
      id: "sales",
      engine: "redshift",
      manualRetention: 7,
      snapshotCopy: { destination: away, manualRetention: 30 },
    },
    { region: home, id: "events", engine: "redshift", snapshotCopy: { destination: away } },
    {
      region: home,
      id: "local",
      engine: "redshift",
      tags: { backup: "daily" },
      resourceId: "6f3b7f9a-0000-4000-8000-000000000000",
    },
  ],
};

const open = async (settings: Fleet["settings"] = {}, more: Partial<Fleet> = {}) => {
  const lab = await openLab({ ...fleet, ...more, settings: { ...fleet.settings, ...settings } });
  const engine = redshift(lab.clients);
  const find = (region: string, ids: readonly string[], expected = false) =>
    engine.findSnapshots({ region, ids, runId: run.id, expected: expected ? ids : [] });
  return { ...lab, engine, find };
};

describe("Redshift's clusters", () => {
  it("tell where their snapshots are copied, and for how long those are kept", async () => {
    const { engine } = await open();
    const settings = (await engine.listClusters(home)).map(({ id, copySetting }) => [id, copySetting]);
    expect(Object.fromEntries(settings)).toEqual({
      sales: { region: away, manualRetentionDays: 30 },
      events: { region: away, manualRetentionDays: -1 },
      local: undefined,
    });
  });

  it("are known by the uuid of their namespace, without asking who we are", async () => {
    const { simulator, engine } = await open();
    const [local] = await engine.findClusters({ region: home, ids: ["local"] });
    expect(local?.resource).toBe("6f3b7f9a-0000-4000-8000-000000000000");
    expect(simulator.calls.byOperation()).toEqual({ [clusterCalls]: 1 });
  });

  it("stay clusters when an answer lacks the namespace: known by name and creation, one call more", async () => {
    const { simulator, engine } = await open();
    const record = simulator.world.store(home).redshiftClusters.get("local");
    if (record)
      Object.assign(record, { namespaceArn: undefined, createdAt: new Date("2025-05-05T05:05:05Z") });
    const clusters = await engine.listClusters(home);
    expect(clusters.find(({ id }) => id === "local")).toMatchObject({
      arn: `arn:aws:redshift:${home}:123456789012:cluster:local`,
      resource: "local@2025-05-05T05:05:05.000Z",
      tags: { backup: "daily" },
    });
    expect(clusters).toHaveLength(3);
    expect(clusters.find(({ id }) => id === "sales")?.resource).not.toContain("@");
    expect(simulator.calls.byOperation()).toEqual({ [clusterCalls]: 1, "sts.GetCallerIdentity": 1 });
  });

  it("that tell nothing to know them by are no clusters that one could leave out, unless they are being created", async () => {
    const { simulator, engine } = await open();
    const record = simulator.world.store(home).redshiftClusters.get("local");
    if (record) Object.assign(record, { namespaceArn: undefined, createdAt: undefined });
    await expect(engine.listClusters(home)).rejects.toThrow(IncompleteListingError);
    if (record) Object.assign(record, { status: "creating" });
    expect((await engine.listClusters(home)).map(({ id }) => id).toSorted()).toEqual(["events", "sales"]);
  });

  it("have an ARN of their own partition also then", async () => {
    const region = "cn-north-1";
    const { simulator, clients } = await openLab({ clusters: [{ region, id: "local", engine: "redshift" }] });
    const record = simulator.world.store(region).redshiftClusters.get("local");
    if (record) Object.assign(record, { namespaceArn: undefined });
    expect((await redshift(clients).listClusters(region)).map(({ arn }) => arn)).toEqual([
      `arn:aws-cn:redshift:${region}:123456789012:cluster:local`,
    ]);
  });
});

describe("Redshift's snapshots", () => {
  it("are kept for ever, whatever the cluster's own retention says", async () => {
    const { simulator, engine } = await open();
    const { id } = await engine.createSnapshot(await orderFor(engine, "sales"));
    const { redshiftSnapshots } = simulator.world.store(home);
    expect(redshiftSnapshots.get(id)?.retentionPeriod).toBe(-1);
    simulator.clock.advance(365 * 86_400);
    expect(redshiftSnapshots.get(id)?.status).toBe("available");
  });

  it("tell no percentage at first, then one by time, and 100 at the end", async () => {
    const { simulator, engine, find } = await open({ snapshotBaseSeconds: 1000 });
    const made = await engine.createSnapshot(await orderFor(engine, "local"));
    expect(made).not.toHaveProperty("percent");
    const percentAfter = async (seconds: number) => {
      simulator.clock.advance(seconds);
      return (await find(home, [made.id]))[0]?.percent;
    };
    expect(await percentAfter(5)).toBeUndefined();
    expect([await percentAfter(245), await percentAfter(500), await percentAfter(250)]).toEqual([
      25, 75, 100,
    ]);
  });

  it("of a run are polled by its tag, in one call however many others there are", async () => {
    const old = { region: home, cluster: "local", created: "2026-01-01T00:00:00Z" };
    const others = numbered("theirs", 150).map((id) => ({ ...old, id }));
    const { simulator, engine, find } = await open(
      { redshiftManualSnapshotsMax: 500 },
      { snapshots: others },
    );
    const orders = [await orderFor(engine, "local"), await orderFor(engine, "sales")];
    for (const order of orders) await engine.createSnapshot(order);
    simulator.calls.clear();
    const ids = orders.map(({ id }) => id);
    expect((await find(home, ids, true)).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(simulator.calls.byOperation()).toEqual({ [listCalls]: 1 });
  });

  it("that lost their tags are found all the same where they must be there", async () => {
    const { simulator, engine, find } = await open();
    const { id } = await engine.createSnapshot(await orderFor(engine, "local"));
    const record = simulator.world.store(home).redshiftSnapshots.get(id);
    if (record) record.tags = new Map();
    expect(await find(home, [id])).toEqual([]);
    expect(await find(home, [id], true)).toEqual([expect.objectContaining({ id, tags: {} })]);
  });

  it("cannot be copied by a call", async () => {
    const { engine } = await open();
    const source = await engine.createSnapshot(await orderFor(engine, "sales"));
    await expect(engine.copySnapshot({ source, region: away, id: "copy", tags: {} })).rejects.toThrow(
      RefusedError,
    );
  });
});

describe("a cross-region copy that Redshift makes by itself", () => {
  const openCopied = async (settings: Fleet["settings"] = {}) => {
    const lab = await open(settings);
    const order = await orderFor(lab.engine, "events");
    await lab.engine.createSnapshot(order);
    lab.simulator.clock.advance(300);
    const [source] = await lab.find(home, [order.id]);
    const [copy] = await lab.engine.pickSnapshots(away, (one) => one);
    if (!source || !copy) throw new Error("the copy did not arrive");
    return { ...lab, order, source, copy };
  };

  it("arrives without tags, under a name that is still ours, and tells its source by region and times", async () => {
    const { order, source, copy } = await openCopied();
    expect(copy).toMatchObject({
      id: `copy:${order.id}`,
      arnPattern: `arn:aws:redshift:${away}:123456789012:snapshot:events/*`,
      region: away,
      sourceRegion: home,
      cluster: "events",
      status: "available",
      manual: true,
      tags: {},
    });
    expect(source).not.toHaveProperty("sourceRegion");
    expect([copy.createdAt, copy.clusterCreatedAt]).toEqual([source.createdAt, source.clusterCreatedAt]);
    expect(isOurName(copy.id)).toBe(true);
  });

  it("is tagged and deleted by its ARN where AWS does not tell that, as no recorded answer does", async () => {
    const { engine, order, source, copy } = await openCopied({ redshiftSnapshotArn: "absent" });
    const arn = (region: string, id: string) =>
      `arn:aws:redshift:${region}:123456789012:snapshot:events/${id}`;
    expect([arnOf(source), arnOf(copy)]).toEqual([arn(home, order.id), arn(away, copy.id)]);
    await engine.tagSnapshot({ snapshot: copy, tags: order.tags });
    const snapshots = (await engine.pickSnapshots(away, (one) => one)).map(owned);
    expect(await engine.deleteSnapshots({ service, region: away, snapshots })).toEqual([{ id: copy.id }]);
  });

  it.each([
    ["us-gov-west-1", "us-gov-east-1"],
    ["us-isob-west-1", "us-isob-east-1"],
  ])("tells its source where a partition's regions have longer names: %s", async (from, to) => {
    const sales = { ...{ region: from, id: "sales" }, snapshotCopy: { destination: to } };
    const clusters = [{ ...sales, engine: "redshift" as const }];
    const { simulator, clients } = await openLab({ ...fleet, clusters });
    const engine = redshift(clients);
    const [cluster] = await engine.listClusters(from);
    if (!cluster) throw new Error("the fleet has no cluster");
    await engine.createSnapshot({ cluster, ...pointOf(cluster) });
    simulator.clock.advance(300);
    const copies = await engine.pickSnapshots(to, (one) => one);
    expect(copies.map(({ sourceRegion }) => sourceRegion)).toEqual([from]);
  });

  it.each(["prefixed", "same"] as const)(
    "is found by run, by our name for it, once it is tagged: name %s",
    async (redshiftCopyName) => {
      const { engine, find, order, copy } = await openCopied({ redshiftCopyName });
      expect(await find(away, [order.id])).toEqual([]);
      expect(await find(away, [order.id], true)).toEqual([copy]);
      await engine.tagSnapshot({ snapshot: copy, tags: order.tags });
      const [found] = await find(away, [order.id]);
      expect(found).toEqual({ ...copy, tags: order.tags });
      expect(found && owned(found).runId).toBe(run.id);
      expect(await find(away, [order.id.replace("events", "evenly")])).toEqual([]);
    },
  );

  it.each(["prefixed", "same"] as const)(
    "is deleted by AWS's name for it: name %s",
    async (redshiftCopyName) => {
      const { simulator, engine, order, copy } = await openCopied({ redshiftCopyName });
      await engine.tagSnapshot({ snapshot: copy, tags: order.tags });
      const snapshots = (await engine.pickSnapshots(away, (one) => one)).map(owned);
      expect(await engine.deleteSnapshots({ service, region: away, snapshots })).toEqual([{ id: copy.id }]);
      expect(simulator.world.store(away).redshiftSnapshots.size).toBe(0);
      expect(simulator.world.store(home).redshiftSnapshots.size).toBe(1);
    },
  );
});

describe("the deletion of many", () => {
  const openMany = async (count: number) => {
    const lab = await open({ redshiftManualSnapshotsMax: 500 });
    const { cluster } = await orderFor(lab.engine, "local");
    const store = lab.simulator.world.store(home);
    await lab.engine.createSnapshot({ cluster, ...pointOf(cluster) });
    lab.simulator.clock.advance(100);
    const [pattern] = store.redshiftSnapshots.values();
    if (!pattern) throw new Error("nothing was taken");
    store.redshiftSnapshots.clear();
    for (let day = 0; day < count; day += 1) {
      const { id, tags } = pointOf(cluster, day);
      const arn = pattern.arn.replace(pattern.id, id);
      store.redshiftSnapshots.set(id, { ...pattern, id, arn, tags: new Map(Object.entries(tags)) });
    }
    const snapshots = (await lab.engine.pickSnapshots(home, (one) => one)).map(owned);
    lab.simulator.calls.clear();
    return { ...lab, snapshots, held: store.redshiftSnapshots };
  };
  const batchCalls = "redshift.BatchDeleteClusterSnapshots";
  const fault = { service: "redshift", operation: "BatchDeleteClusterSnapshots" };

  it("is one call for a hundred", async () => {
    const { simulator, engine, snapshots, held } = await openMany(120);
    const outcome = await engine.deleteSnapshots({ service, region: home, snapshots });
    expect(outcome).toEqual(snapshots.map(({ snapshot }) => ({ id: snapshot.id })));
    expect(held.size).toBe(0);
    expect(simulator.calls.byOperation()).toEqual({ [batchCalls]: 2 });
  });

  it("is not taken for done when AWS answers HTTP 200 without saying so", async () => {
    const { simulator, engine, snapshots, held } = await openMany(2);
    simulator.faults.add({ ...fault, times: 1, kind: { code: "Odd", status: 200, message: "odd" } });
    await expect(engine.deleteSnapshots({ service, region: home, snapshots })).rejects.toThrow(
      IncompleteListingError,
    );
    expect(held.size).toBe(2);
  });

  it.each([
    [
      "refuses one without its name",
      "<SnapshotErrorMessage><FailureCode>Odd</FailureCode></SnapshotErrorMessage>",
    ],
    ["says nothing of one", ""],
  ])("is not taken for done when AWS tells what it has deleted and %s", async (_, refusals) => {
    const { snapshots } = await openMany(2);
    const answer = `<Resources><String>${snapshots[0]?.snapshot.id}</String></Resources><Errors>${refusals}</Errors>`;
    const result = `<${fault.operation}Result>${answer}</${fault.operation}Result>`;
    const endpoint = await serveAnswers(
      () => `<${fault.operation}Response>${result}</${fault.operation}Response>`,
    );
    const engine = redshift(clientsOf(endpoint));
    const [first, second] = [snapshots.slice(0, 1), snapshots.slice(1)];
    const told = await engine.deleteSnapshots({ service, region: home, snapshots });
    expect(told).toEqual(first.map(({ snapshot: { id } }) => ({ id })));
    const rest = engine.deleteSnapshots({ service, region: home, snapshots: second });
    await expect(rest).rejects.toThrow(IncompleteListingError);
  });

  it("that is refused in a word that nobody knows is not done", async () => {
    const { snapshots } = await openMany(1);
    const id = snapshots[0]?.snapshot.id;
    const refusal = `<SnapshotIdentifier>${id}</SnapshotIdentifier><FailureCode>Odd</FailureCode>`;
    const errors = `<Errors><SnapshotErrorMessage>${refusal}</SnapshotErrorMessage></Errors>`;
    const result = `<${fault.operation}Result><Resources/>${errors}</${fault.operation}Result>`;
    const endpoint = await serveAnswers(
      () => `<${fault.operation}Response>${result}</${fault.operation}Response>`,
    );
    const outcome = await redshift(clientsOf(endpoint)).deleteSnapshots({ service, region: home, snapshots });
    expect(outcome).toEqual([{ id, error: expect.any(RefusedError) }]);
  });

  it("whose answer was lost finds them missing when it is retried, which is done", async () => {
    const { simulator, engine, snapshots, held } = await openMany(2);
    simulator.faults.add({ ...fault, times: 1, kind: "reset-after" });
    const outcome = await engine.deleteSnapshots({ service, region: home, snapshots });
    expect(outcome).toEqual(snapshots.map(({ snapshot }) => ({ id: snapshot.id })));
    expect(held.size).toBe(0);
    expect(simulator.calls.byOperation()).toEqual({ [batchCalls]: 2 });
  });

  it("that is denied is asked for by halves: one that is held keeps none of the others", async () => {
    const { simulator, engine, snapshots, held } = await openMany(8);
    const denied = { code: "AccessDenied", status: 403, message: "not authorized" };
    // All eight, the first four, the first two, the first one.
    simulator.faults.add({ ...fault, times: 4, kind: denied });
    const outcome = await engine.deleteSnapshots({ service, region: home, snapshots });
    expect(outcome.filter(({ error }) => error !== undefined)).toHaveLength(1);
    expect(held.size).toBe(1);
  });

  it("tells what a call has deleted though the next one fails", async () => {
    const { simulator, engine, snapshots, held } = await openMany(120);
    simulator.calls.subscribe(() => simulator.faults.add({ ...fault, times: 3, kind: "unavailable" }));
    expect(await engine.deleteSnapshots({ service, region: home, snapshots })).toHaveLength(100);
    expect(held.size).toBe(20);
  });

  it("that is throttled is to be tried again", async () => {
    const { simulator, engine, snapshots } = await openMany(2);
    simulator.faults.add({ ...fault, times: 3, kind: "unavailable" });
    await expect(engine.deleteSnapshots({ service, region: home, snapshots })).rejects.toThrow(
      TransientError,
    );
  });
});
