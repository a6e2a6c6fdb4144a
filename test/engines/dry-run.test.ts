import { describe, expect, it } from "vitest";
import { arnOf, type Snapshot } from "../../lib/core/snapshot.ts";
import { type Deed, dryRun } from "../../lib/engines/dry-run.ts";
import { BrokenInvariantError } from "../../lib/errors.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { home, openLab, orderFor, owned, service } from "./lab.ts";
import { deepFleet, smallFleet, subjects } from "./subjects.ts";

describe.each(subjects)("a dry run: $name", (subject) => {
  const open = async (fleet: Fleet) => {
    const { simulator, clients } = await openLab(fleet);
    const real = subject.make(clients);
    const deeds: Deed[] = [];
    const clock = () => simulator.clock.now().getTime();
    return {
      simulator,
      real,
      deeds,
      engine: dryRun(real, { record: (deed) => void deeds.push(deed), clock }),
    };
  };
  const itself = (one: Snapshot): Snapshot => one;

  it("imagines of a snapshot what AWS will tell of it", async () => {
    const fleet = smallFleet(subject);
    const clusters = fleet.clusters?.map((one) => ({ ...one, awsOwnedKey: subject.service === "rds" }));
    const { simulator, real, engine } = await open({ ...fleet, clusters });
    const order = await orderFor(real, "orders");
    const { createdAt: _, clusterCreatedAt: __, ...imagined } = await engine.createSnapshot(order);
    await real.createSnapshot(order);
    simulator.clock.advance(60);
    expect(await real.pickSnapshots(home, itself)).toMatchObject([imagined]);
    expect(imagined.awsOwnedKey).toBe(subject.service === "rds" ? true : undefined);
  });

  it("shows once what it imagines and somebody makes meanwhile", async () => {
    const { real, deeds, engine } = await open(smallFleet(subject));
    const order = await orderFor(real, "orders");
    const arn = arnOf(await engine.createSnapshot(order));
    expect(await real.pickSnapshots(home, itself)).toEqual([]);
    await real.createSnapshot(order);
    const all = await engine.pickSnapshots(home, itself);
    const some = await engine.snapshotsOf({ region: home, clusters: ["orders"] });
    const once = [[arn, "available"]];
    expect([all, some].map((seen) => seen.map((one) => [arnOf(one), one.status]))).toEqual([once, once]);
    expect(deeds.map(({ do: what }) => what)).toEqual(["create"]);
  });

  it("shows what it imagines with the last of a listing's stretches, and with no other", async () => {
    const { real, engine } = await open(deepFleet(subject, 120));
    const { id } = await engine.createSnapshot(await orderFor(real, "orders"));
    const first = await engine.pickStretch(home, { pages: 1 }, itself);
    const rest = await engine.pickStretch(home, { pages: 1, from: first.next ?? "" }, itself);
    const isSeen = ({ items }: { readonly items: readonly Snapshot[] }) => items.some((one) => one.id === id);
    expect([first.next === undefined, rest.next === undefined]).toEqual([false, true]);
    expect([isSeen(first), isSeen(rest)]).toEqual([false, true]);
  });

  it("calls no error what is gone already, and records it once", async () => {
    const { simulator, real, deeds, engine } = await open(smallFleet(subject));
    await real.createSnapshot(await orderFor(real, "orders"));
    simulator.clock.advance(60);
    const snapshots = (await engine.pickSnapshots(home, itself)).map(owned);
    for (const _ of [1, 2]) {
      const outcome = await engine.deleteSnapshots({ service, region: home, snapshots });
      expect(outcome).toEqual(snapshots.map(({ snapshot: { id } }) => ({ id })));
    }
    expect(deeds).toEqual(snapshots.map(({ snapshot: { id } }) => ({ do: "delete", region: home, id })));
    expect(deeds).toHaveLength(1);
  });

  it("shows a hold at once, deletes nothing that is held, and shows nothing of what it has deleted", async () => {
    const { simulator, real, deeds, engine } = await open(smallFleet(subject));
    await real.createSnapshot(await orderFor(real, "orders"));
    simulator.clock.advance(60);
    const seen = async () => (await engine.pickSnapshots(home, itself)).map(owned);
    const holds = async () => (await seen()).map(({ hold }) => hold);
    const remove = async () => engine.deleteSnapshots({ service, region: home, snapshots: await seen() });
    for (const one of await seen()) await engine.holdSnapshot({ service, owned: one, reason: "audit" });
    expect(await holds()).toEqual(["audit"]);
    await expect(remove()).rejects.toThrow(BrokenInvariantError);
    for (const one of await seen()) await engine.releaseSnapshot({ service, owned: one });
    expect(await holds()).toEqual([undefined]);
    await remove();
    expect(await seen()).toEqual([]);
    expect(deeds.map(({ do: what }) => what)).toEqual(["tag", "tag", "delete"]);
  });
});
