import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CopyCandidate,
  type CopyTask,
  copyName,
  copyProblem,
  judgeCopy,
  judgeSource,
  lightenTable,
  pickCopies,
  queueCopies,
} from "../../lib/core/copying.ts";
import { attemptName, isOurName } from "../../lib/core/naming.ts";
import type { OwnedSnapshot } from "../../lib/core/ownership.ts";
import type { SnapshotStatus } from "../../lib/core/snapshot.ts";
import { copyOf, dayMs, now, pointOf } from "./samples.ts";

const today = pointOf({ at: now });
const yesterday = pointOf({ at: now - dayMs });
const third = pointOf({ at: now - 2 * dayMs });
const expected = today.snapshot.id;
const second = pointOf({ at: now, attempt: "-2" });
const as = (point: OwnedSnapshot, status: SnapshotStatus): OwnedSnapshot => ({
  ...point,
  snapshot: { ...point.snapshot, status },
});
const failedCopies = (count: number): readonly OwnedSnapshot[] =>
  Array.from({ length: count }, (_, nth) =>
    copyOf(today, { status: "failed", id: attemptName(expected, nth + 1) }),
  );

const candidateOf = (differs: Partial<CopyCandidate> = {}): CopyCandidate => ({
  cluster: "orders",
  region: "us-east-1",
  family: "rds",
  expected,
  expectable: true,
  points: [today, yesterday],
  copies: [copyOf(yesterday)],
  ...differs,
});
const taskOf = (differs: Partial<CopyTask> = {}): CopyTask => ({
  cluster: "orders",
  region: "us-east-1",
  family: "rds",
  source: expected,
  phase: "due",
  ...differs,
});
const queue = (differs: Partial<CopyCandidate> = {}) => queueCopies([candidateOf(differs)]);

describe("a cluster's place in the queue", () => {
  it("is its newest recovery point, and no older one", () => {
    expect(queue()).toEqual({ tasks: [taskOf()], done: 0 });
    expect(queue({ copies: [], points: [third, yesterday, today] }).tasks).toEqual([taskOf()]);
  });

  it.each<SnapshotStatus>(["creating", "copying", "unknown"])(
    "is awaited while this run's snapshot is %s",
    (status) => {
      expect(queue({ points: [as(today, status), yesterday] }).tasks).toEqual([taskOf({ phase: "awaited" })]);
    },
  );

  it("is awaited under the name to come while nobody has seen this run's snapshot", () => {
    expect(queue({ points: [yesterday], copies: [] }).tasks).toEqual([taskOf({ phase: "awaited" })]);
  });

  it("is the newest available point where nothing new will come", () => {
    const { tasks } = queue({
      expectable: false,
      points: [as(today, "failed"), third, yesterday],
      copies: [copyOf(third)],
    });
    expect(tasks).toEqual([taskOf({ source: yesterday.snapshot.id })]);
  });

  it("is none where nothing new will come and nothing is there, or all is copied", () => {
    expect(queue({ expectable: false, points: [], copies: [] })).toEqual({ tasks: [], done: 0 });
    expect(queue({ expectable: false, points: [yesterday], copies: [copyOf(yesterday)] })).toEqual({
      tasks: [],
      done: 1,
    });
  });

  it("is this run's last attempt where an earlier one shows again, in whatever order AWS lists them", () => {
    for (const points of [
      [today, second],
      [second, today],
    ])
      expect(queue({ points }).tasks).toEqual([taskOf({ source: second.snapshot.id })]);
  });

  it("is this run's living attempt where an earlier one failed", () => {
    const { tasks } = queue({ points: [as(today, "failed"), second] });
    expect(tasks).toEqual([taskOf({ source: second.snapshot.id })]);
  });

  it("is done when a copy is available, known by AWS's word for its source or by our tag", () => {
    expect(queue({ copies: [copyOf(today)] })).toEqual({ tasks: [], done: 1 });
    const { sourceArn: _, ...untold } = copyOf(today).snapshot;
    expect(queue({ copies: [{ ...copyOf(today), snapshot: untold }] })).toEqual({ tasks: [], done: 1 });
  });

  it("is none when a newer copy has superseded it", () => {
    const newer = pointOf({ at: now + dayMs });
    expect(queue({ copies: [copyOf(newer)] })).toEqual({ tasks: [], done: 0 });
  });

  it("is its own beside a copy of another point of the same second", () => {
    const asked = pointOf({ at: now, id: expected.replace(/-[a-z2-7]{8}-/, "-aaaaaaaa-") });
    const both = { expected: asked.snapshot.id, points: [today, asked], copies: [copyOf(today)] };
    expect(queue(both).tasks).toEqual([taskOf({ source: asked.snapshot.id })]);
  });

  it("is picked up where a copy runs already, whoever started it", () => {
    const running = copyOf(today, { status: "copying", id: attemptName(expected, 2) });
    expect(queue({ copies: [running, copyOf(yesterday)] }).tasks).toEqual([
      taskOf({ phase: "copying", copy: `${expected}-2` }),
    ]);
  });

  it("counts the copies that failed, and goes on under the next attempt's name", () => {
    const [task] = queue({ copies: failedCopies(1) }).tasks;
    expect(task).toEqual(taskOf({ lost: 1 }));
    expect(task && copyName(task)).toBe(`${expected}-2`);
  });

  it("goes on under a name that is free, where a failed copy stands and an earlier one has vanished", () => {
    const nextAfter = (...attempts: readonly number[]): string => {
      const copies = attempts.map((nth) =>
        copyOf(today, { status: "failed", id: attemptName(expected, nth) }),
      );
      const [task = taskOf()] = queue({ copies }).tasks;
      return copyName(task);
    };
    expect(nextAfter(2)).toBe(attemptName(expected, 3));
    expect(nextAfter(3)).toBe(attemptName(expected, 2));
    expect(nextAfter(1, 2)).toBe(attemptName(expected, 3));
  });

  it("does not count the failed copies of other points", () => {
    expect(queue({ copies: [copyOf(yesterday, { status: "failed" })] }).tasks).toEqual([taskOf()]);
  });
});

describe("the queue's order", () => {
  const clusterWith = (cluster: string, copies: readonly OwnedSnapshot[]) => candidateOf({ cluster, copies });
  const never = clusterWith("never", []);
  const onlyFailed = candidateOf({
    cluster: "only-failed",
    copies: [copyOf(third, { status: "failed" })],
    expected: `${expected}-2`,
  });
  const old = clusterWith("old", [copyOf(third)]);
  const fresh = clusterWith("fresh", [copyOf(third), copyOf(yesterday)]);

  it("takes a copy that still runs for its cluster's turn", () => {
    const running = clusterWith("running", [copyOf(third), copyOf(yesterday, { status: "copying" })]);
    const waiting = clusterWith("waiting", [copyOf(third)]);
    const { tasks } = queueCopies([running, waiting]);
    expect(tasks.map(({ cluster, rank }) => [cluster, rank])).toEqual([
      ["waiting", undefined],
      ["running", 1],
    ]);
  });

  it("begins with what was never copied, then the oldest copy, however the clusters are listed", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([never, onlyFailed, old, fresh], { minLength: 4 }), (shuffled) => {
        const order = queueCopies(shuffled).tasks.map(({ cluster }) => cluster);
        expect(order).toEqual(["never", "only-failed", "old", "fresh"]);
      }),
    );
  });
});

describe("the next copies to start", () => {
  const anyTask = fc
    .record({
      phase: fc.constantFrom("awaited", "due", "copying", "arriving"),
      cluster: fc.string(),
    } as const)
    .map((one) => taskOf(one));

  it("fill the free places with what is due, in the queue's order, and never more", () => {
    fc.assert(
      fc.property(fc.array(anyTask), fc.nat(9), fc.nat(9), (tasks, inFlight, limit) => {
        const picked = pickCopies({ tasks, inFlight, limit, minutesElapsed: 0 });
        const due = tasks.filter(({ phase }) => phase === "due");
        expect(picked).toEqual(due.slice(0, picked.length));
        expect(picked.length).toBe(Math.min(due.length, Math.max(0, limit - inFlight)));
      }),
    );
  });
});

describe("a place", () => {
  const ranked = (phase: CopyTask["phase"], rank: number) => taskOf({ phase, rank });
  const pick = (tasks: readonly CopyTask[], limit: number, minutesElapsed = 0) =>
    pickCopies({ tasks, inFlight: 0, limit, minutesElapsed }).map(({ rank }) => rank);

  it("is kept for a cluster that is further behind while its snapshot is being created", () => {
    expect(pick([ranked("awaited", 0), ranked("due", 1), ranked("due", 1)], 2)).toEqual([1]);
    expect(pick([ranked("awaited", 0), ranked("due", 1)], 1)).toEqual([]);
    expect(pick([ranked("due", 0), ranked("awaited", 1), ranked("due", 2)], 3)).toEqual([0, 2]);
  });

  it("is kept for nobody who is no further behind", () => {
    expect(pick([ranked("awaited", 1), ranked("due", 1)], 1)).toEqual([1]);
    expect(pick([ranked("due", 0), ranked("awaited", 1)], 1)).toEqual([0]);
  });

  it("is open to anybody after an hour, one of them at least: a snapshot may never come", () => {
    const tasks = [
      ...Array.from({ length: 9 }, () => ranked("awaited", 0)),
      ranked("due", 1),
      ranked("due", 1),
    ];
    expect(pick(tasks, 5, 59)).toEqual([]);
    expect(pick(tasks, 5, 60)).toEqual([1]);
  });
});

describe("looking at an awaited source", () => {
  const awaited = taskOf({ phase: "awaited" });
  it.each<readonly [SnapshotStatus | undefined, number, object]>([
    ["available", 0, taskOf()],
    ["creating", 600, awaited],
    ["copying", 600, awaited],
    ["unknown", 600, awaited],
    ["failed", 0, { ...awaited, source: `${expected}-2`, asked: 0 }],
    ["deleting", 9.5, { ...awaited, source: `${expected}-2`, asked: 9 }],
    [undefined, 39, awaited],
    [undefined, 40, { problem: "no-snapshot" }],
  ])("that is %s after %i minutes", (status, minutes, step) => {
    expect(judgeSource(awaited, status, minutes)).toEqual(step);
  });

  it("gives the next attempt its own time to come, however late the last one failed", () => {
    const next = { ...awaited, source: `${expected}-2`, asked: 90 };
    expect(judgeSource(next, undefined, 129)).toEqual(next);
    expect(judgeSource(next, undefined, 130)).toEqual({ problem: "no-snapshot" });
  });

  it("ends with the third attempt", () => {
    expect(judgeSource({ ...awaited, source: `${expected}-2` }, "failed", 0)).toEqual({
      ...awaited,
      source: `${expected}-3`,
      asked: 0,
    });
    expect(judgeSource({ ...awaited, source: `${expected}-3` }, "failed", 0)).toEqual({
      problem: "no-snapshot",
    });
  });
});

describe("looking at a running copy", () => {
  const running = taskOf({ phase: "copying", copy: expected });
  it.each<readonly [SnapshotStatus | undefined, object]>([
    ["available", { done: true }],
    ["copying", running],
    ["creating", running],
    ["unknown", running],
    ["failed", taskOf({ lost: 1 })],
    ["deleting", taskOf({ lost: 1 })],
    [undefined, taskOf({ lost: 1 })],
  ])("that is %s", (status, step) => {
    expect(judgeCopy(running, status, 60)).toEqual(step);
  });

  it("bears with a fresh copy that listings do not show yet", () => {
    const fresh = { ...running, asked: 55 };
    expect(judgeCopy(fresh, undefined, 60)).toEqual(fresh);
    expect(judgeCopy(fresh, undefined, 66)).toEqual(taskOf({ lost: 1 }));
  });

  it("starts it again under the next attempt's name, and gives up after three losses", () => {
    const again = judgeCopy({ ...running, lost: 1 }, "failed", 60) as CopyTask;
    expect(again).toEqual(taskOf({ lost: 2 }));
    expect(copyName(again)).toBe(`${expected}-3`);
    expect(judgeCopy({ ...again, phase: "copying", copy: copyName(again) }, "failed", 60)).toEqual({
      problem: "copy-failed",
    });
  });

  it("names the copy after the first attempt, whichever attempt its source is", () => {
    expect(copyName(taskOf({ source: `${expected}-3` }))).toBe(expected);
  });

  it("never names a fourth attempt, however many failed copies lie in the destination", () => {
    for (const count of [3, 5, 12]) {
      const [task] = queue({ copies: failedCopies(Math.min(count, 3)) }).tasks;
      const name = copyName({ ...taskOf(), lost: count });
      expect([name, task && copyName(task)]).toEqual([`${expected}-3`, `${expected}-3`]);
      expect(isOurName(name)).toBe(true);
    }
  });

  it("reports a task that leaves the table by its cluster and its own region", () => {
    expect(copyProblem(running, "copy-failed")).toEqual({
      cluster: "orders",
      region: "us-east-1",
      code: "copy-failed",
    });
  });
});

describe("the table that a pass hands on", () => {
  const found = { arn: "a".repeat(60), engine: "neptune", encrypted: true, tags: { team: "shop" } } as const;
  const tasks = Array.from(
    { length: 10 },
    (_, index): CopyTask => ({
      ...{
        cluster: `c${index}`,
        region: "us-east-1",
        family: "rds",
        source: `s${index}`,
        phase: "due",
        found,
      },
    }),
  );
  const bare = tasks.map(({ found: _, ...task }) => task);
  const weighs = (some: readonly unknown[]): number => JSON.stringify(some).length;

  it.each([0, 3, 10])(
    "carries what was found of the first %i, where a payload has room for so many",
    (room) => {
      const payloadBytesMax = (weighs(bare) + (room + 0.5) * weighs([found])) / 0.78;
      const table = lightenTable(tasks, payloadBytesMax);
      expect(table.map((task) => task.found !== undefined)).toEqual(tasks.map((_, index) => index < room));
      expect(weighs(table)).toBeLessThan(payloadBytesMax);
    },
  );
});
