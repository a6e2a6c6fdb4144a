import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/core/cluster.ts";
import type { Snapshot } from "../../lib/core/snapshot.ts";
import { BrokenInvariantError, DeniedError, SnapshotStateError, TransientError } from "../../lib/errors.ts";
import { away, home, openLab, orderFor, owned, service } from "./lab.ts";
import { smallFleet, subjects } from "./subjects.ts";

/** The part of the engine contract that can do harm. */
describe.each(subjects)("the engine contract, deletion: $name", (subject) => {
  const { make, operations } = subject;
  const fault = { service: subject.service, operation: operations.delete };

  /** Three days' snapshots of ours, available, and how to order their deletion. */
  const openTaken = async () => {
    const { simulator, clients } = await openLab(smallFleet(subject));
    const lab = { simulator, engine: make(clients), held: subject.held(simulator.world.store(home)) };
    for (const days of [2, 1, 0]) await lab.engine.createSnapshot(await orderFor(lab.engine, "orders", days));
    lab.simulator.clock.advance(60);
    const ours = (await lab.engine.pickSnapshots(home, (one) => one))
      .map(owned)
      .toSorted((a, b) => a.takenAt - b.takenAt);
    lab.simulator.calls.clear();
    return { ...lab, ours };
  };

  it("removes what it is told to and nothing else", async () => {
    const { engine, ours, held } = await openTaken();
    const outcome = await engine.deleteSnapshots({ service, region: home, snapshots: ours.slice(0, 2) });
    expect(outcome).toEqual(ours.slice(0, 2).map(({ snapshot }) => ({ id: snapshot.id })));
    expect([...held.keys()]).toEqual([ours[2]?.snapshot.id]);
  });

  it("counts what is missing already as done, and reports a refusal as data", async () => {
    const { engine, ours, held } = await openTaken();
    const [missing = "", busy = "", good = ""] = ours.map(({ snapshot }) => snapshot.id);
    held.delete(missing);
    for (const [id, one] of held) if (id === busy) one.status = "creating";
    const outcome = await engine.deleteSnapshots({ service, region: home, snapshots: ours });
    expect(outcome).toEqual([
      { id: missing },
      { id: busy, error: expect.any(SnapshotStateError) },
      { id: good },
    ]);
    expect([...held.keys()]).toEqual([busy]);
  });

  it("reports a denial for each of them, and fails when it is throttled", async () => {
    const { simulator, engine, ours, held } = await openTaken();
    const snapshots = ours.slice(0, 2);
    const kind = { code: "AccessDenied", status: 403, message: "not you" };
    simulator.faults.add({ ...fault, times: 10, kind });
    const outcome = await engine.deleteSnapshots({ service, region: home, snapshots });
    expect(outcome).toEqual(
      snapshots.map(({ snapshot: { id } }) => ({ id, error: expect.any(DeniedError) })),
    );
    simulator.faults.clear();
    simulator.faults.add({ ...fault, times: 3, kind: "unavailable" });
    await expect(engine.deleteSnapshots({ service, region: home, snapshots })).rejects.toThrow(
      TransientError,
    );
    expect(held.size).toBe(3);
  });

  it("answers for what was deleted before AWS stopped answering, and goes on when it is asked for the rest", async () => {
    const { simulator, engine, ours, held } = await openTaken();
    let calls = 0;
    simulator.calls.subscribe(() => {
      calls += 1;
      if (calls === 1) simulator.faults.add({ ...fault, times: 3, kind: "unavailable" });
    });
    const outcome = await engine.deleteSnapshots({ service, region: home, snapshots: ours });
    expect(outcome).toEqual(ours.slice(0, outcome.length).map(({ snapshot: { id } }) => ({ id })));
    expect(held.size).toBe(3 - outcome.length);
    simulator.faults.clear();
    const rest = ours.slice(outcome.length);
    await engine.deleteSnapshots({ service, region: home, snapshots: rest });
    expect(held.size).toBe(0);
  });

  it("of nothing asks nothing", async () => {
    const { simulator, engine } = await openTaken();
    expect(await engine.deleteSnapshots({ service, region: home, snapshots: [] })).toEqual([]);
    expect(simulator.calls.total).toBe(0);
  });

  it.each<{ what: string; differs?: Partial<Snapshot>; addTags?: Tags }>([
    { what: "foreign", differs: { tags: {} } },
    { what: "without tags told", differs: { tags: undefined } },
    { what: "held", addTags: { "holdfast:hold": "audit" } },
    { what: "another service's", addTags: { "holdfast:service": "holdfast-dev" } },
    { what: "not of our name form", differs: { id: "final-snapshot-of-orders" } },
    { what: "AWS's own", differs: { manual: false } },
    { what: "of another region", differs: { region: away } },
  ])("deletes nothing at all when one in the list is $what", async ({ differs, addTags }) => {
    const { simulator, engine, ours, held } = await openTaken();
    const [first, second, third] = ours;
    if (!first || !second || !third) throw new Error("three were taken");
    const tags = { ...second.snapshot.tags, ...addTags };
    const wrong = { ...second, snapshot: { ...second.snapshot, tags, ...differs } };
    const order = { service, region: home, snapshots: [first, wrong, third] };
    await expect(engine.deleteSnapshots(order)).rejects.toThrow(BrokenInvariantError);
    expect(held.size).toBe(3);
    expect(simulator.calls.total).toBe(0);
  });
});
