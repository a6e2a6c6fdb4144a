import { describe, expect, it } from "vitest";
import { madeAt } from "../../lib/core/ownership.ts";
import {
  ClusterBusyError,
  DeniedError,
  IncompleteListingError,
  MissingError,
  QuotaFullError,
  SnapshotExistsError,
  TransientError,
} from "../../lib/errors.ts";
import { away, clientsOf, home, numbered, openLab, orderFor, owned, refusalOf, run } from "./lab.ts";
import { serveAnswers } from "./serve.ts";
import { deepFleet, smallFleet, subjects, wideFleet } from "./subjects.ts";

/** What every adapter owes to the steps, whichever control plane it speaks to; deletion has a file of its own. */
describe.each(subjects)("the engine contract: $name", (subject) => {
  const { make, operations } = subject;
  const fault = (operation: string, times: number) => ({ service: subject.service, operation, times });
  const openSmall = async (settings = {}) => {
    const lab = await openLab(smallFleet(subject, settings));
    return { ...lab, engine: make(lab.clients), held: subject.held(lab.simulator.world.store(home)) };
  };

  describe("clusters", () => {
    it("are listed with their tags across pages, two calls for 120", async () => {
      const { simulator, clients } = await openLab(wideFleet(subject, 120));
      const clusters = await make(clients).listClusters(home);
      expect(clusters.map(({ id }) => id)).toEqual(numbered("shop", 120));
      expect(clusters.every(({ id, tags }) => tags?.name === id)).toBe(true);
      expect(new Set(clusters.map(({ resource }) => resource)).size).toBe(120);
      expect(simulator.calls.byOperation()).toEqual({ [`${subject.service}.${operations.clusters}`]: 2 });
    });

    it("are found by identifier, the ones that are there", async () => {
      const { simulator, engine } = await openSmall();
      const found = await engine.findClusters({ region: home, ids: ["orders", "nothing"] });
      expect(found).toEqual([
        expect.objectContaining({
          id: "orders",
          region: home,
          status: "available",
          tags: { backup: "daily" },
        }),
      ]);
      const { clusters, redshiftClusters } = simulator.world.store(home);
      const record = clusters.get("orders")?.resourceId ?? redshiftClusters.get("orders")?.namespaceArn;
      expect(record?.split(":namespace:").at(-1)).toBe(found[0]?.resource);
      expect(found[0]?.arn).toBe(`arn:aws:${subject.service}:${home}:123456789012:cluster:orders`);
    });

    it("of another region are not listed", async () => {
      const { engine } = await openSmall();
      expect(await engine.listClusters(away)).toEqual([]);
    });

    it("that are unknown to AWS cannot be snapshotted: MissingError", async () => {
      const { engine } = await openSmall();
      const order = await orderFor(engine, "orders");
      const ghost = { ...order, cluster: { ...order.cluster, id: "ghost" } };
      await expect(engine.createSnapshot(ghost)).rejects.toThrow(MissingError);
    });

    it("that are not available cannot be snapshotted: ClusterBusyError", async () => {
      const { engine, held } = await openSmall();
      await expect(engine.createSnapshot(await orderFor(engine, "ledger"))).rejects.toThrow(ClusterBusyError);
      expect(held.size).toBe(0);
    });
  });

  describe("a snapshot", () => {
    it("is creating as long as the clock stands still, and available once it advanced", async () => {
      const { simulator, engine } = await openSmall();
      const order = await orderFor(engine, "orders");
      const made = await engine.createSnapshot(order);
      expect(made).toMatchObject({
        id: order.id,
        cluster: "orders",
        region: home,
        status: "creating",
        manual: true,
      });
      expect(owned(made)).toMatchObject({ plan: run.plan, runId: run.id, clusterArn: order.cluster.arn });
      const look = () => engine.findSnapshots({ region: home, ids: [order.id], runId: run.id });
      expect(await look()).toEqual([expect.objectContaining({ status: "creating" })]);
      simulator.clock.advance(59);
      expect(await look()).toEqual([expect.objectContaining({ status: "creating" })]);
      simulator.clock.advance(1);
      const [done] = await look();
      expect(done).toMatchObject({ status: "available", tags: order.tags });
      expect(new Date((done && madeAt(done)) ?? 0).toISOString()).toMatch(/^2026-03-01T03:0[01]:00.000Z$/);
    });

    it("cannot be made twice under one name: SnapshotExistsError", async () => {
      const { engine, held } = await openSmall();
      const order = await orderFor(engine, "orders");
      await engine.createSnapshot(order);
      await expect(engine.createSnapshot(order)).rejects.toThrow(SnapshotExistsError);
      expect(held.size).toBe(1);
    });

    it("beyond the quota is refused: QuotaFullError", async () => {
      const { engine } = await openSmall(subject.quota(1));
      await engine.createSnapshot(await orderFor(engine, "orders"));
      await expect(engine.createSnapshot(await orderFor(engine, "orders", 1))).rejects.toThrow(
        QuotaFullError,
      );
    });

    it("whose first answer was lost exists for the retried call", async () => {
      const { simulator, engine, held } = await openSmall();
      const order = await orderFor(engine, "orders");
      simulator.faults.add({ ...fault(operations.create, 1), kind: "reset-after" });
      await expect(engine.createSnapshot(order)).rejects.toThrow(SnapshotExistsError);
      expect([...held.keys()]).toEqual([order.id]);
    });

    it("is not taken for made when AWS answers HTTP 200 without it", async () => {
      const { simulator, engine } = await openSmall();
      const order = await orderFor(engine, "orders");
      simulator.faults.add({
        ...fault(operations.create, 1),
        kind: { code: "Odd", status: 200, message: "odd" },
      });
      const error = await engine.createSnapshot(order).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(IncompleteListingError);
      expect(error).toMatchObject({ unanswered: true });
    });

    it.each([
      ["dropped the connection", "reset-before", true],
      ["failed", "internal", true],
      ["throttled it", "throttle", undefined],
    ] as const)("is refused with the doubt that is left where AWS %s before", async (_, kind, unanswered) => {
      const { simulator, engine } = await openSmall();
      const order = await orderFor(engine, "orders");
      simulator.faults.add({ ...fault(operations.create, 1), kind });
      const denial = { code: "AccessDenied", status: 403, message: "not authorized" };
      simulator.faults.add({ ...fault(operations.create, 1), kind: denial });
      const error = await engine.createSnapshot(order).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(DeniedError);
      expect((error as DeniedError).unanswered).toBe(unanswered);
    });
  });

  describe("snapshots", () => {
    it("are listed across 251 of them, manual ones only, each with its tags", async () => {
      const { simulator, clients } = await openLab(deepFleet(subject, 250));
      const snapshots = await make(clients).pickSnapshots(home, (one) => one);
      expect(snapshots.map(({ id }) => id).toSorted()).toEqual(["ledger-only", ...numbered("theirs", 250)]);
      expect(snapshots.every(({ manual, status }) => manual && status === "available")).toBe(true);
      expect(snapshots.filter(({ tags, id }) => tags?.name === id)).toHaveLength(250);
      expect(simulator.calls.byOperation()).toEqual({ [`${subject.service}.${operations.snapshots}`]: 3 });
    });

    it("are picked from across the pages, each shown once and with its tags", async () => {
      const { simulator, clients } = await openLab(deepFleet(subject, 250));
      const shown: string[] = [];
      const picked = await make(clients).pickSnapshots(home, ({ id, tags }) => {
        shown.push(id);
        return tags?.name?.endsWith("50") ? tags.name : undefined;
      });
      expect(picked.toSorted()).toEqual(["theirs-050", "theirs-150", "theirs-250"]);
      expect(shown.toSorted()).toEqual(["ledger-only", ...numbered("theirs", 250)]);
      expect(simulator.calls.byOperation()).toEqual({ [`${subject.service}.${operations.snapshots}`]: 3 });
    });

    it("come in stretches, each from where the one before ended, and every one once", async () => {
      const { simulator, clients } = await openLab(deepFleet(subject, 350));
      const engine = make(clients);
      const seen: string[] = [];
      const ends: boolean[] = [];
      let from: string | undefined;
      do {
        const stretch = { pages: 2, ...(from !== undefined && { from }) };
        const { items, next } = await engine.pickStretch(home, stretch, ({ id, tags }) =>
          tags?.name === id ? id : undefined,
        );
        seen.push(...items);
        ends.push(next === undefined);
        from = next;
      } while (from !== undefined);
      expect(seen.toSorted()).toEqual(numbered("theirs", 350));
      expect(ends).toEqual([false, true]);
      expect(simulator.calls.byOperation()).toEqual({ [`${subject.service}.${operations.snapshots}`]: 4 });
    });

    it("of a stretch that ends with the listing's last page have none after them", async () => {
      const { clients } = await openLab(deepFleet(subject, 150));
      const { items, next } = await make(clients).pickStretch(home, { pages: 2 }, (one) => one);
      expect([items.length, next]).toEqual([151, undefined]);
    });

    it("are found by identifier exactly, those that are there", async () => {
      const { engine } = await openSmall();
      const [today, yesterday] = [await orderFor(engine, "orders"), await orderFor(engine, "orders", 1)];
      await engine.createSnapshot(today);
      await engine.createSnapshot(yesterday);
      const find = (ids: string[]) => engine.findSnapshots({ region: home, ids, runId: run.id });
      expect((await find([today.id])).map(({ id }) => id)).toEqual([today.id]);
      expect(await find([today.id.replace("orders", "ledger")])).toEqual([]);
      expect(await find([])).toEqual([]);
    });

    it("of a cluster are found exactly, also when the cluster is gone", async () => {
      const { simulator, clients } = await openLab(deepFleet(subject, 30));
      const store = simulator.world.store(home);
      store.clusters.clear();
      store.redshiftClusters.clear();
      const of = async (clusters: string[]) =>
        (await make(clients).snapshotsOf({ region: home, clusters, expected: clusters })).map(({ id }) => id);
      expect(await of(["ledger"])).toEqual(["ledger-only"]);
      expect((await of(["orders"])).toSorted()).toEqual(numbered("theirs", 30));
      expect(await of(["orders", "ledger"])).toHaveLength(31);
      expect(await of(["orde"])).toEqual([]);
    });
  });

  describe("trouble", () => {
    it.each([
      ["throttling", "throttle"],
      ["HTTP 500", "internal"],
      ["HTTP 503", "unavailable"],
      ["a dropped connection", "reset-before"],
    ] as const)(
      "%s beyond the SDK's retries is a TransientError, below them it is not noticed",
      async (_, kind) => {
        const { simulator, engine } = await openSmall();
        simulator.faults.add({ ...fault(operations.clusters, 3), kind });
        const refusal = await refusalOf(engine.listClusters(home));
        expect(refusal).toBeInstanceOf(TransientError);
        expect(refusal.message).toContain(`${subject.service} ${operations.clusters} in ${home}`);
        simulator.faults.add({ ...fault(operations.clusters, 1), kind });
        expect(await engine.listClusters(home)).toHaveLength(2);
      },
    );

    it("a second page that fails leaves no shorter list", async () => {
      const { simulator, clients } = await openLab(deepFleet(subject, 150));
      const engine = make(clients);
      const denial = { code: "AccessDenied", status: 403, message: "not you" };
      const stop = simulator.calls.subscribe(() => {
        stop();
        simulator.faults.add({ ...fault(operations.snapshots, 1), kind: denial });
      });
      await expect(engine.pickSnapshots(home, (one) => one)).rejects.toThrow(DeniedError);
    });

    it("a marker that answers with itself is no end of a stretch", async () => {
      const { snapshots } = operations;
      const list = { rds: "DBClusterSnapshots", redshift: "Snapshots" }[subject.service];
      const body = `<${snapshots}Result><${list}/><Marker>here</Marker></${snapshots}Result>`;
      const page = `<${snapshots}Response>${body}</${snapshots}Response>`;
      const engine = make(clientsOf(await serveAnswers(() => page)));
      expect(await engine.pickStretch(home, { pages: 1 }, (one) => one)).toEqual({ items: [], next: "here" });
      const again = engine.pickStretch(home, { from: "here", pages: 1 }, (one) => one);
      await expect(again).rejects.toThrow(IncompleteListingError);
    });

    it("an empty marker ends a listing as none does", async () => {
      const { snapshots } = operations;
      const list = { rds: "DBClusterSnapshots", redshift: "Snapshots" }[subject.service];
      const body = `<${snapshots}Result><${list}/><Marker></Marker></${snapshots}Result>`;
      const page = `<${snapshots}Response>${body}</${snapshots}Response>`;
      const engine = make(clientsOf(await serveAnswers(() => page)));
      expect(await engine.pickSnapshots(home, (one) => one)).toEqual([]);
      expect(await engine.pickStretch(home, { pages: 1 }, (one) => one)).toEqual({ items: [] });
    });

    it("refused credentials are a DeniedError", async () => {
      const { simulator } = await openSmall();
      const engine = make(clientsOf(simulator.endpoint, "wrong"));
      const refusal = await refusalOf(engine.listClusters(home));
      expect(refusal).toBeInstanceOf(DeniedError);
      expect(refusal.message).toContain("check the credentials");
      expect(simulator.calls.total).toBe(1);
    });

    it("a missing permission is a DeniedError, without a retry", async () => {
      const { simulator, engine } = await openSmall();
      const kind = { code: "AccessDenied", status: 403, message: "User is not authorized to perform that" };
      simulator.faults.add({ ...fault(operations.snapshots, 9), kind });
      await expect(engine.pickSnapshots(home, (one) => one)).rejects.toThrow(DeniedError);
      expect(simulator.calls.total).toBe(1);
    });

    it("an endpoint that cannot be reached is a TransientError that says what to check", async () => {
      const engine = make(clientsOf("http://127.0.0.1:1"));
      const refusal = await refusalOf(engine.pickSnapshots(home, (one) => one));
      expect(refusal).toBeInstanceOf(TransientError);
      expect(refusal.message).toMatch(/cannot reach AWS \(ECONNREFUSED\); check the endpoint/);
    });

    it("an HTTP 200 without the list is an IncompleteListingError, never an empty list", async () => {
      const { simulator, engine } = await openSmall();
      const kind = { code: "Odd", status: 200, message: "odd" };
      simulator.faults.add({ ...fault(operations.clusters, 1), kind });
      await expect(engine.listClusters(home)).rejects.toThrow(IncompleteListingError);
      simulator.faults.add({ ...fault(operations.snapshots, 1), kind });
      await expect(engine.pickSnapshots(home, (one) => one)).rejects.toThrow(IncompleteListingError);
    });

    it("an empty HTTP 200 is an IncompleteListingError too", async () => {
      const engine = make(clientsOf(await serveAnswers(() => "")));
      await expect(engine.listClusters(home)).rejects.toThrow(IncompleteListingError);
      await expect(engine.pickSnapshots(home, (one) => one)).rejects.toThrow(IncompleteListingError);
    });
  });
});
