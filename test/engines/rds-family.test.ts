import { describe, expect, it } from "vitest";
import { arnOf } from "../../lib/core/snapshot.ts";
import type { Engine } from "../../lib/engines/engine.ts";
import { rdsFamily } from "../../lib/engines/rds-family.ts";
import { DeniedError, IncompleteListingError, RefusedError } from "../../lib/errors.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { clientsOf, home, numbered, openLab, orderFor, run } from "./lab.ts";
import { serveAnswers } from "./serve.ts";

/** What is peculiar to the control plane that RDS, Neptune and DocumentDB share: its listings. */
const listCalls = "rds.DescribeDBClusterSnapshots";
const tagCalls = "tagging.GetResources";

const open = async (fleet: Fleet) => {
  const lab = await openLab({ ...fleet, settings: { snapshotSecondsPerGib: 0, ...fleet.settings } });
  const engine = rdsFamily(lab.clients);
  const callsOf = async <T>(ask: () => Promise<T>) => {
    lab.simulator.calls.clear();
    const answer = await ask();
    return { answer, calls: lab.simulator.calls.byOperation() };
  };
  return { ...lab, engine, callsOf };
};

/** Takes the run's snapshot of each cluster and tells their names. */
const takeAll = async (engine: Engine, clusters: readonly string[]): Promise<readonly string[]> => {
  const names: string[] = [];
  for (const id of clusters) names.push((await engine.createSnapshot(await orderFor(engine, id))).id);
  return names;
};

const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).toSorted();

describe("the clusters of the RDS family", () => {
  it("are those of every engine in one listing, each told by its engine", async () => {
    const engines = ["aurora-mysql", "aurora-postgresql", "mysql", "postgres", "neptune", "docdb"] as const;
    const { engine, callsOf } = await open({
      clusters: engines.map((name) => ({ region: home, id: name, engine: name })),
    });
    const { answer, calls } = await callsOf(() => engine.listClusters(home));
    expect(answer.map((cluster) => [cluster.id, cluster.engine])).toEqual(
      engines.toSorted().map((name) => [name, name]),
    );
    expect(calls).toEqual({ "rds.DescribeDBClusters": 1 });
  });

  it("of an engine that we do not know are ignored, and so are its snapshots", async () => {
    const { simulator, engine } = await open({
      clusters: ["strange", "orders"].map((id) => ({ region: home, id, engine: "aurora-mysql" as const })),
      snapshots: [{ region: home, id: "s1", cluster: "strange", created: "2026-02-01T00:00:00Z" }],
    });
    const { clusters, clusterSnapshots } = simulator.world.store(home);
    for (const record of [clusters.get("strange"), clusterSnapshots.get("s1")]) {
      if (record) Object.assign(record, { engine: "aurora-oracle" });
    }
    expect(idsOf(await engine.listClusters(home))).toEqual(["orders"]);
    expect(await engine.pickSnapshots(home, (one) => one)).toEqual([]);
  });

  it("that only read for a global cluster are told from those that write", async () => {
    const primary = `arn:aws:rds:eu-west-1:123456789012:cluster:primary`;
    const instance = `arn:aws:rds:${home}:123456789012:db:old-mysql`;
    const itself = `arn:aws:rds:${home}:123456789012:cluster:switched-over`;
    const member = { region: home, engine: "aurora-mysql", globalCluster: "world" } as const;
    const { simulator, engine } = await open({
      clusters: [
        { region: home, id: "alone", engine: "aurora-mysql", members: 2 },
        { ...member, id: "writer", members: 2 },
        { ...member, id: "secondary", replicationSource: primary },
        { ...member, id: "readers", members: 2 },
        { ...member, id: "headless", members: 0 },
        { ...member, id: "headless-secondary", members: 0, replicationSource: primary },
        { region: home, id: "failing-over", engine: "aurora-mysql", members: 2 },
        { region: home, id: "of-a-cluster", engine: "aurora-mysql", replicationSource: primary },
        { region: home, id: "of-an-instance", engine: "aurora-mysql", replicationSource: instance },
        { region: home, id: "switched-over", engine: "aurora-mysql", replicationSource: itself },
      ],
    });
    for (const id of ["readers", "failing-over"]) {
      const record = simulator.world.store(home).clusters.get(id);
      record?.members.splice(0, 2, ...record.members.map((one) => ({ ...one, writer: false })));
    }
    const told = (await engine.listClusters(home)).map(({ id, readOnlyReplica }) => [id, readOnlyReplica]);
    expect(Object.fromEntries(told)).toEqual({
      alone: false,
      writer: false,
      secondary: true,
      readers: true,
      headless: false,
      "headless-secondary": true,
      "failing-over": false,
      "of-a-cluster": true,
      // Nobody else takes a snapshot of an instance that is migrated by it.
      "of-an-instance": false,
      "switched-over": false,
    });
  });

  it("are found a hundred in a call", async () => {
    const names = numbered("shop", 120);
    const { engine, callsOf } = await open({
      clusters: names.map((id) => ({ region: home, id, engine: "aurora-mysql" as const })),
    });
    const { answer, calls } = await callsOf(() => engine.findClusters({ region: home, ids: names }));
    expect(answer).toHaveLength(120);
    expect(calls).toEqual({ "rds.DescribeDBClusters": 2 });
  });
});

describe("tags that an answer does not tell", () => {
  const clusters = numbered("graph", 120).map((id) => ({
    region: home,
    id,
    engine: "neptune" as const,
    tags: { name: id },
  }));
  const untold: Fleet = {
    settings: { omitTagList: ["neptune"] },
    clusters: [
      ...clusters,
      { region: home, id: "bare", engine: "neptune" },
      { region: home, id: "aurora", engine: "aurora-mysql" },
    ],
  };

  it("are asked for by the hundred, only for those resources", async () => {
    const { engine, callsOf } = await open(untold);
    const { answer, calls } = await callsOf(() => engine.listClusters(home));
    expect(answer.filter(({ id, tags }) => tags?.name === id)).toHaveLength(120);
    expect(answer.find(({ id }) => id === "bare")?.tags).toEqual({});
    expect(calls).toEqual({ "rds.DescribeDBClusters": 2, [tagCalls]: 2 });
  });

  it("stay unknown, not none, where the permission to ask is missing", async () => {
    const { simulator, engine } = await open(untold);
    const kind = {
      code: "AccessDeniedException",
      status: 400,
      message: "not authorized to perform: tag:GetResources",
    };
    simulator.faults.add({ service: "tagging", times: 9, kind });
    const answer = await engine.listClusters(home);
    expect(answer.find(({ id }) => id === "graph-001")).toHaveProperty("tags", undefined);
    expect(answer.find(({ id }) => id === "aurora")?.tags).toEqual({});
    expect(answer).toHaveLength(122);
  });

  it("are looked up for snapshots under our names only, so that others' cost nothing", async () => {
    const theirs = numbered("theirs", 20).map((id) => ({
      region: home,
      id,
      cluster: "graph-001",
      created: "2026-02-01T00:00:00Z",
    }));
    const { engine, callsOf } = await open({ ...untold, snapshots: theirs });
    const order = await orderFor(engine, "graph-001");
    await engine.createSnapshot(order);
    const { answer, calls } = await callsOf(() => engine.pickSnapshots(home, (one) => one));
    expect(answer.find(({ id }) => id === order.id)?.tags).toEqual(order.tags);
    expect(answer.filter(({ tags }) => tags === undefined)).toHaveLength(20);
    expect(calls).toEqual({ [listCalls]: 1, [tagCalls]: 1 });
  });

  it("spare a listing AWS's word of the time, unless they tell none that can be read", async () => {
    const made = (id: string, tags: Record<string, string>) => ({
      ...{ region: home, id, cluster: "graph-001", created: "2026-02-01T00:00:00Z", tags },
    });
    const { engine } = await open({
      clusters,
      snapshots: [
        made("taken", { "holdfast:taken-at": "2026-02-01T03:00:00Z" }),
        made("odd", { "holdfast:taken-at": "last night" }),
        made("by-hand", {}),
      ],
    });
    const told = await engine.pickSnapshots(home, ({ id, createdAt }) => [id, createdAt]);
    const time = Date.parse("2026-02-01T00:00:00Z");
    expect(Object.fromEntries(told)).toEqual({ taken: undefined, odd: time, "by-hand": time });
  });

  describe("of snapshots that are ours and others' on each of many pages", () => {
    const denial = { code: "AccessDeniedException", status: 400, message: "not authorized" };
    /** Ours are 120, and behind each stands one whose name is nearly ours. */
    const openMixed = async () => {
      const lab = await open({ ...untold, settings: { ...untold.settings, manualClusterSnapshotsMax: 999 } });
      const tagged = new Map<string, string>();
      for (const { id } of clusters) {
        const order = await orderFor(lab.engine, id);
        const made = await lab.engine.createSnapshot({ ...order, tags: { ...order.tags, name: order.id } });
        await lab.engine.createSnapshot({ ...order, id: `${order.id}x` });
        tagged.set(arnOf(made), made.id);
      }
      return { ...lab, tagged };
    };

    it("are looked up a hundred at once all the same, before anything is picked", async () => {
      const { engine, callsOf, tagged } = await openMixed();
      const { answer, calls } = await callsOf(() =>
        engine.pickSnapshots(home, (one) =>
          one.tags === undefined ? undefined : [arnOf(one), one.tags.name],
        ),
      );
      expect(new Map(answer as [string, string][])).toEqual(tagged);
      expect(answer).toHaveLength(120);
      expect(calls).toEqual({ [listCalls]: 3, [tagCalls]: 2 });
    });

    it("stay unknown after one refusal, which is asked for no second time", async () => {
      const { simulator, engine, callsOf } = await openMixed();
      simulator.faults.add({ service: "tagging", times: 9, kind: denial });
      const { answer, calls } = await callsOf(() =>
        engine.pickSnapshots(home, ({ tags }) => tags ?? "untold"),
      );
      expect(answer).toEqual(Array.from({ length: 240 }, () => "untold"));
      expect(calls).toEqual({ [listCalls]: 3, [tagCalls]: 1 });
    });

    it("are half a listing where the permission ends in its midst, and that is none", async () => {
      const { simulator, engine } = await openMixed();
      const stop = simulator.calls.subscribe(({ service }) => {
        if (service !== "tagging") return;
        stop();
        simulator.faults.add({ service, times: 9, kind: denial });
      });
      await expect(engine.pickSnapshots(home, (one) => one)).rejects.toThrow(IncompleteListingError);
    });
  });

  it("are an IncompleteListingError where the answer has no list", async () => {
    const { simulator, engine } = await open(untold);
    simulator.faults.add({
      service: "tagging",
      times: 1,
      kind: { code: "Odd", status: 200, message: "odd" },
    });
    await expect(engine.listClusters(home)).rejects.toThrow(IncompleteListingError);
  });

  it("are asked for by fewer ARNs where the answer is cut short", async () => {
    const { clients } = await open(untold);
    const engine = rdsFamily({ ...clients, tagging: clientsOf(await serveTags(30)).tagging });
    const answer = await engine.listClusters(home);
    expect(
      answer.filter(({ engine: name, tags, arn }) => name === "neptune" && tags?.arn === arn),
    ).toHaveLength(121);
    const hopeless = rdsFamily({ ...clients, tagging: clientsOf(await serveTags(0)).tagging });
    await expect(hopeless.listClusters(home)).rejects.toThrow(IncompleteListingError);
  });

  it("are not taken for none where the answer names what it is of and not what its tags are", async () => {
    const { clients } = await open(untold);
    const nameless = (body: string) => {
      const { ResourceARNList } = JSON.parse(body) as { ResourceARNList: string[] };
      return JSON.stringify({
        ResourceTagMappingList: ResourceARNList.map((ResourceARN) => ({ ResourceARN })),
      });
    };
    const engine = rdsFamily({ ...clients, tagging: clientsOf(await serveAnswers(nameless)).tagging });
    await expect(engine.listClusters(home)).rejects.toThrow(IncompleteListingError);
  });

  it("are looked up where one of those that are told has no key: it may be the hold", async () => {
    const arn = `arn:aws:rds:${home}:123456789012:cluster:orders`;
    const identity = `<DBClusterArn>${arn}</DBClusterArn><DbClusterResourceId>cluster-1</DbClusterResourceId>`;
    const tags = "<Tag><Key>backup</Key><Value>daily</Value></Tag><Tag><Value>audit</Value></Tag>";
    const cluster = `<DBClusterIdentifier>orders</DBClusterIdentifier><Engine>docdb</Engine>${identity}`;
    const list = `<DBClusters><DBCluster>${cluster}<TagList>${tags}</TagList></DBCluster></DBClusters>`;
    const result = `<DescribeDBClustersResult>${list}</DescribeDBClustersResult>`;
    const { rds } = clientsOf(
      await serveAnswers(() => `<DescribeDBClustersResponse>${result}</DescribeDBClustersResponse>`),
    );
    const { clients } = await openLab({});
    const engine = rdsFamily({ ...clients, rds, tagging: clientsOf(await serveTags(100)).tagging });
    expect((await engine.listClusters(home)).map((one) => one.tags)).toEqual([{ arn }]);
  });

  it("are not taken for told where the answer is of what nobody asked about", async () => {
    const { clients } = await open(untold);
    const elsewhere = (arn: string): string => arn.replace("graph-007", "graph-700");
    const engine = rdsFamily({ ...clients, tagging: clientsOf(await serveTags(100, elsewhere)).tagging });
    await expect(engine.listClusters(home)).rejects.toThrow(IncompleteListingError);
  });
});

describe("filters on snapshots", () => {
  const three: Fleet = {
    clusters: [
      { region: home, id: "graph", engine: "neptune" },
      { region: home, id: "orders", engine: "aurora-mysql" },
      { region: home, id: "papers", engine: "docdb" },
    ],
  };
  const names = ["graph", "orders", "papers"];

  it("find a batch in one call where AWS honours them", async () => {
    const { engine, callsOf } = await open(three);
    const ids = await takeAll(engine, names);
    const { answer, calls } = await callsOf(() =>
      engine.findSnapshots({ region: home, ids, runId: run.id, expected: ids }),
    );
    expect(idsOf(answer)).toEqual(ids.toSorted());
    expect(calls).toEqual({ [listCalls]: 1 });
  });

  it("that leave out what must be there are not trusted again", async () => {
    const { engine, callsOf } = await open({
      ...three,
      settings: { snapshotFilters: { neptune: "unsupported" } },
    });
    const ids = await takeAll(engine, names);
    const find = () => engine.findSnapshots({ region: home, ids, runId: run.id, expected: ids });
    const first = await callsOf(find);
    expect(idsOf(first.answer)).toEqual(ids.toSorted());
    expect(first.calls).toEqual({ [listCalls]: 2 });
    const second = await callsOf(find);
    expect(idsOf(second.answer)).toEqual(ids.toSorted());
    expect(second.calls).toEqual({ [listCalls]: 1 });
    const { answer, calls } = await callsOf(() => engine.snapshotsOf({ region: home, clusters: ["graph"] }));
    expect(answer).toHaveLength(1);
    expect(calls).toEqual({ [listCalls]: 1 });
  });

  it("that leave out what must be there, and then refuse to be asked for it, are no answer", async () => {
    const { simulator, engine } = await open({
      ...three,
      settings: { snapshotFilters: { neptune: "unsupported" } },
    });
    const ids = await takeAll(engine, names);
    const kind = { code: "AccessDenied", status: 403, message: "no" };
    const [service, operation] = ["rds", "DescribeDBClusterSnapshots"];
    const denyTheNext = simulator.calls.subscribe(() => {
      denyTheNext();
      simulator.faults.add({ service, operation, times: 1, kind });
    });
    const found = engine.findSnapshots({ region: home, ids, runId: run.id, expected: ids });
    await expect(found).rejects.toThrow(DeniedError);
  });

  it("that leave out many are looked through whole, not one by one", async () => {
    const graphs = numbered("graph", 21);
    const { engine, callsOf } = await open({
      clusters: graphs.map((id) => ({ region: home, id, engine: "neptune" as const })),
      settings: { snapshotFilters: { neptune: "unsupported" } },
    });
    const ids = await takeAll(engine, graphs);
    const find = () => engine.findSnapshots({ region: home, ids, runId: run.id, expected: ids });
    const { answer, calls } = await callsOf(find);
    expect(idsOf(answer)).toEqual(ids.toSorted());
    expect(calls).toEqual({ [listCalls]: 2 });
  });

  it("that are not heeded find what was asked for and nothing else, and that once", async () => {
    const graphs = numbered("graph", 130);
    const { engine } = await open({
      clusters: graphs.map((id) => ({ region: home, id, engine: "neptune" as const })),
      settings: { snapshotFilters: { neptune: "ignored" }, manualClusterSnapshotsMax: 500 },
    });
    const ids = await takeAll(engine, graphs);
    const [some, clusters] = [ids.slice(0, 120), graphs.slice(0, 120)];
    // More than one call's worth of each: what is shown twice would count twice towards a floor.
    expect(idsOf(await engine.snapshotsOf({ region: home, clusters }))).toEqual(some.toSorted());
    const found = await engine.findSnapshots({ region: home, ids: some, runId: run.id, expected: some });
    expect(idsOf(found)).toEqual(some.toSorted());
  });

  it("by cluster that leave out one which must have snapshots are seen through as well", async () => {
    const { engine } = await open({ ...three, settings: { snapshotFilters: { neptune: "unsupported" } } });
    await takeAll(engine, names);
    const answer = await engine.snapshotsOf({ region: home, clusters: names, expected: ["orders", "graph"] });
    expect(answer.map(({ cluster }) => cluster).toSorted()).toEqual(names);
  });

  it("stay trusted where what was expected is nowhere else either", async () => {
    const old = { region: home, cluster: "orders", created: "2026-01-01T00:00:00Z" };
    const others = numbered("theirs", 120).map((id) => ({ ...old, id }));
    const settings = { manualClusterSnapshotsMax: 500 };
    const { engine, callsOf } = await open({ ...three, snapshots: others, settings });
    const [first = ""] = await takeAll(engine, ["graph"]);
    const ids = [first, first.replace("graph", "grape")];
    const find = (expected: boolean) => () =>
      engine.findSnapshots({ region: home, ids, runId: run.id, expected: expected ? ids : [] });
    expect((await callsOf(find(true))).calls).toEqual({ [listCalls]: 2 });
    // The filter is used again: the unfiltered listing would be two pages.
    expect((await callsOf(find(false))).calls).toEqual({ [listCalls]: 1 });
  });

  it("cost one unfiltered listing for all that is asked at once, however many values it takes", async () => {
    const { engine, callsOf } = await open(three);
    await takeAll(engine, names);
    const missing = numbered("missing", 250);
    const find = () => engine.findSnapshots({ region: home, ids: missing, runId: run.id, expected: missing });
    // Three by filter, for 100 values each, and one page that holds all there is.
    expect(await callsOf(find)).toEqual({ answer: [], calls: { [listCalls]: 4 } });
    const of = { region: home, clusters: [...missing, ...names], expected: missing };
    const { answer, calls } = await callsOf(() => engine.snapshotsOf(of));
    expect([answer.length, calls]).toEqual([3, { [listCalls]: 4 }]);
  });

  it("ask nothing where nothing is asked for, also once they are not trusted", async () => {
    const { simulator, engine, callsOf } = await open(three);
    await takeAll(engine, names);
    simulator.world.settings.filterValuesMax = 1;
    const findNone = () => engine.findSnapshots({ region: home, ids: [], runId: run.id, expected: [] });
    expect(await callsOf(findNone)).toEqual({ answer: [], calls: {} });
    expect(await engine.snapshotsOf({ region: home, clusters: [...names, "grape"] })).toHaveLength(3);
    expect(await callsOf(findNone)).toEqual({ answer: [], calls: {} });
  });

  it("refused for many values are halved, and given up for the unfiltered list when that is refused too", async () => {
    const { simulator, engine, callsOf } = await open(three);
    const ids = await takeAll(engine, names);
    const many = [...ids, ...numbered("nothing", 87)];
    const find = () => engine.findSnapshots({ region: home, ids: many, runId: run.id });
    simulator.world.settings.filterValuesMax = 50;
    const halved = await callsOf(find);
    expect(idsOf(halved.answer)).toEqual(ids.toSorted());
    expect(halved.calls).toEqual({ [listCalls]: 3 });
    simulator.world.settings.filterValuesMax = 20;
    const unfiltered = await callsOf(find);
    expect(idsOf(unfiltered.answer)).toEqual(ids.toSorted());
    expect(unfiltered.calls).toEqual({ [listCalls]: 3 });
    const remembered = await callsOf(find);
    expect(idsOf(remembered.answer)).toEqual(ids.toSorted());
    expect(remembered.calls).toEqual({ [listCalls]: 1 });
  });

  it("refused for want of permission are an error, not a longer way round", async () => {
    const { simulator, engine } = await open(three);
    const kind = { code: "AccessDenied", status: 403, message: "not you" };
    simulator.faults.add({ service: "rds", times: 1, kind });
    const refusal = await engine
      .findSnapshots({ region: home, ids: ["a"], runId: run.id })
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DeniedError);
    expect(refusal).not.toBeInstanceOf(RefusedError);
    expect(simulator.calls.total).toBe(1);
  });
});

/** A tagging API that tells each resource's own ARN as its tag, and cuts its answers short. */
const serveTags = (itemsMax: number, named = (arn: string) => arn): Promise<string> =>
  serveAnswers((body) => {
    const { ResourceARNList } = JSON.parse(body) as { ResourceARNList: string[] };
    const told = ResourceARNList.slice(0, itemsMax);
    return JSON.stringify({
      PaginationToken: told.length < ResourceARNList.length ? "more" : "",
      ResourceTagMappingList: told.map((arn) => ({
        ResourceARN: named(arn),
        Tags: [{ Key: "arn", Value: arn }],
      })),
    });
  });
