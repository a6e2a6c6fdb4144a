import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/core/cluster.ts";
import type { Snapshot } from "../../lib/core/snapshot.ts";
import { BrokenInvariantError, MissingError, TransientError } from "../../lib/errors.ts";
import { home, openLab, orderFor, owned, service } from "./lab.ts";
import { smallFleet, subjects } from "./subjects.ts";

/** What keeps a recovery point from every prune, and what lets it go again. */
describe.each(subjects)("the engine contract, holds: $name", (subject) => {
  const operations =
    subject.service === "rds"
      ? { hold: "AddTagsToResource", release: "RemoveTagsFromResource" }
      : { hold: "CreateTags", release: "DeleteTags" };

  const openTaken = async () => {
    const { simulator, clients } = await openLab(smallFleet(subject));
    const engine = subject.make(clients);
    await engine.createSnapshot(await orderFor(engine, "orders"));
    const point = async () => {
      const [only] = await engine.pickSnapshots(home, (one) => one);
      return only ? owned(only) : expect.fail("one was taken");
    };
    return { simulator, engine, point, held: subject.held(simulator.world.store(home)) };
  };

  it("are set and taken off with one call each, and leave every other tag", async () => {
    const { simulator, engine, point } = await openTaken();
    const before = await point();
    simulator.calls.clear();
    await engine.holdSnapshot({ service, owned: before, reason: "audit" });
    expect(simulator.calls.byOperation()).toEqual({ [`${subject.service}.${operations.hold}`]: 1 });
    const held = await point();
    expect(held).toMatchObject({ hold: "audit" });
    expect(held.snapshot.tags).toEqual({ ...before.snapshot.tags, "holdfast:hold": "audit" });
    simulator.calls.clear();
    await engine.releaseSnapshot({ service, owned: held });
    expect(simulator.calls.byOperation()).toEqual({ [`${subject.service}.${operations.release}`]: 1 });
    expect(await point()).toEqual(before);
  });

  it("of the same snapshot twice are no error", async () => {
    const { engine, point } = await openTaken();
    await engine.holdSnapshot({ service, owned: await point(), reason: "audit" });
    await engine.holdSnapshot({ service, owned: await point(), reason: "another" });
    expect((await point()).hold).toBe("another");
    await engine.releaseSnapshot({ service, owned: await point() });
    await engine.releaseSnapshot({ service, owned: await point() });
    expect((await point()).hold).toBeUndefined();
  });

  it("have a reason that AWS takes, whatever was written", async () => {
    const { engine, point } = await openTaken();
    await engine.holdSnapshot({ service, owned: await point(), reason: 'Bob\'s, "urgent"*; ' });
    expect((await point()).hold).toBe("Bob-s- -urgent---");
    await engine.holdSnapshot({ service, owned: await point(), reason: "" });
    expect((await point()).hold).toBe("-");
  });

  it.each<{ what: string; differs?: Partial<Snapshot>; addTags?: Tags }>([
    { what: "foreign", differs: { tags: {} } },
    { what: "without tags told", differs: { tags: undefined } },
    { what: "another service's", addTags: { "holdfast:service": "holdfast-dev" } },
    { what: "not of our name form", differs: { id: "final-snapshot-of-orders" } },
    { what: "AWS's own", differs: { manual: false } },
  ])("are nothing for one that is $what", async ({ differs, addTags }) => {
    const { simulator, engine, point } = await openTaken();
    const taken = await point();
    const tags = { ...taken.snapshot.tags, ...addTags };
    const order = {
      service,
      owned: { ...taken, snapshot: { ...taken.snapshot, tags, ...differs } },
      reason: "audit",
    };
    simulator.calls.clear();
    await expect(engine.holdSnapshot(order)).rejects.toThrow(BrokenInvariantError);
    await expect(engine.releaseSnapshot(order)).rejects.toThrow(BrokenInvariantError);
    expect(simulator.calls.total).toBe(0);
  });

  it("fail as named errors: gone meanwhile, or AWS does not answer", async () => {
    const { simulator, engine, point, held } = await openTaken();
    const order = { service, owned: await point(), reason: "audit" };
    for (const operation of Object.values(operations))
      simulator.faults.add({ service: subject.service, operation, times: 3, kind: "unavailable" });
    await expect(engine.holdSnapshot(order)).rejects.toThrow(TransientError);
    await expect(engine.releaseSnapshot(order)).rejects.toThrow(TransientError);
    simulator.faults.clear();
    held.clear();
    await expect(engine.holdSnapshot(order)).rejects.toThrow(MissingError);
    await expect(engine.releaseSnapshot(order)).rejects.toThrow(MissingError);
  });
});
