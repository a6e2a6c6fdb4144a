import { describe, expect, it } from "vitest";
import { impatient, type Unanswered } from "../../lib/engines/impatient.ts";
import { denied } from "../steps/points.ts";
import { away, home, openLab, run } from "./lab.ts";
import { smallFleet, subjects } from "./subjects.ts";

/** More than the attempts that the SDK makes for one question. */
const dead = { times: 1000, kind: "unavailable" } as const;

describe.each(subjects)("an impatient engine: $name", (subject) => {
  const open = async () => {
    const { simulator, clients } = await openLab(smallFleet(subject));
    const time = { now: 0 };
    const patience = { unansweredMax: 2, restMs: 60_000, clock: () => time.now };
    const unanswered: Unanswered = new Map();
    const make = ({ make: adapter } = subject) => impatient(adapter(clients), patience, unanswered);
    const engine = make();
    const { clusters, snapshots } = subject.operations;
    const asked = (): number => simulator.calls.entries.length;
    const find = (ids: readonly string[] = ["any"]) =>
      engine.findSnapshots({ region: home, ids, runId: run.id });
    return { ...{ simulator, time, engine, make, asked, find }, clusters, snapshots };
  };

  it("asks again after one question without an answer, and no more after two in a row", async () => {
    const { simulator, engine, make, asked, find, snapshots } = await open();
    const revive = simulator.faults.add({ ...dead, operation: snapshots, region: home });
    await expect(find()).rejects.toThrow(/in us-east-1/);
    revive();
    expect(await find()).toEqual([]);
    simulator.faults.add({ ...dead, operation: snapshots, region: home });
    await expect(find()).rejects.toThrow(/in us-east-1/);
    const once = asked();
    await expect(engine.snapshotsOf({ region: home, clusters: ["orders"] })).rejects.toThrow();
    expect(asked()).toBeGreaterThan(once);
    const before = asked();
    await expect(engine.pickStretch(home, { pages: 1 }, (one) => one)).rejects.toThrow(/in us-east-1/);
    await expect(engine.pickSnapshots(home, (one) => one)).rejects.toThrow(/in us-east-1/);
    await expect(make().pickSnapshots(home, (one) => one)).rejects.toThrow(/in us-east-1/);
    expect(asked()).toBe(before);
    // Another region and another kind of question are other things.
    expect(await engine.pickSnapshots(away, (one) => one)).toEqual([]);
    expect(await engine.listClusters(home)).not.toEqual([]);
  });

  it("knows the families' silence apart, though they share what is remembered", async () => {
    const { simulator, engine, make, clusters } = await open();
    simulator.faults.add({ ...dead, operation: clusters });
    for (let times = 0; times < 2; times += 1) await expect(engine.listClusters(home)).rejects.toThrow();
    const [other] = subjects.filter(({ name }) => name !== subject.name).map(make);
    expect(await other?.listClusters(home)).toEqual([]);
  });

  it("asks again after a rest", async () => {
    const { simulator, time, engine, clusters } = await open();
    const revive = simulator.faults.add({ ...dead, operation: clusters });
    for (let times = 0; times < 2; times += 1) await expect(engine.listClusters(home)).rejects.toThrow();
    revive();
    time.now = 59_999;
    await expect(engine.findClusters({ region: home, ids: ["orders"] })).rejects.toThrow();
    time.now = 60_000;
    const die = simulator.faults.add({ ...dead, operation: clusters });
    await expect(engine.listClusters(home)).rejects.toThrow();
    die();
    time.now = 119_999;
    await expect(engine.listClusters(home)).rejects.toThrow();
    time.now = 120_000;
    expect(await engine.findClusters({ region: home, ids: ["orders"] })).not.toEqual([]);
  });

  it("counts what was asked side by side once", async () => {
    const { simulator, engine, find, snapshots } = await open();
    const revive = simulator.faults.add({ ...dead, operation: snapshots });
    const outcomes = await Promise.allSettled([find(), find(["other"]), find(["third"])]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    revive();
    expect(await engine.pickSnapshots(home, (one) => one)).toEqual([]);
  });

  it("takes a refusal for an answer: it says nothing of another question", async () => {
    const { simulator, engine, find, snapshots } = await open();
    const allow = simulator.faults.add({ times: 1000, kind: denied, operation: snapshots });
    for (let times = 0; times < 3; times += 1) await expect(find()).rejects.toThrow(/AccessDenied/);
    allow();
    expect(await engine.pickSnapshots(home, (one) => one)).toEqual([]);
  });
});
