import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptNames, snapshotName } from "../../lib/core/naming.ts";
import { readStatus, type Snapshot, type SnapshotStatus } from "../../lib/core/snapshot.ts";
import { busyMinutesMax, decideTake, judgeTask, nextAttempt, type TakeInput } from "../../lib/core/taking.ts";
import { clusterOf, runOf, service, snapshotOf } from "./samples.ts";

const name = snapshotName({ service, run: runOf(), cluster: clusterOf() });
const [first, second, third] = attemptNames(name) as [string, string, string];
const foreign: Partial<Snapshot> = { tags: { owner: "someone" } };
const attempt = (id: string, status: SnapshotStatus, differs: Partial<Snapshot> = {}): Snapshot =>
  snapshotOf({ id, status, ...differs });

const decide = (differs: Partial<TakeInput> = {}) =>
  decideTake({
    service,
    id: "orders",
    cluster: clusterOf(),
    name,
    attempts: [],
    stopped: "problem",
    minutesElapsed: 0,
    ...differs,
  });
const kept = (task: object) => ({ do: "keep", task: { id: "orders", ...task } });
const withStatus = (status: string, differs: Partial<TakeInput> = {}) =>
  decide({ cluster: clusterOf({ status }), ...differs });

describe("a cluster's status", () => {
  it("is right for a snapshot when it is available", () => {
    expect(decide()).toEqual({ do: "create", name });
  });

  it.each([
    ["stopped", "stopped"],
    ["stopping", "stopped"],
    ["paused", "stopped"],
    ["deleting", "missing"],
    ["inaccessible-encryption-credentials", "unavailable"],
    ["inaccessible-encryption-credentials-recoverable", "unavailable"],
    ["migration-failed", "unavailable"],
  ])("%s is a problem at once: %s", (status, problem) => {
    expect(withStatus(status)).toEqual(kept({ phase: "failed", problem }));
  });

  it.each(["stopped", "stopping", "paused"])(
    "%s is expected where the plan says `stopped: skip`",
    (status) => {
      expect(withStatus(status, { stopped: "skip" })).toEqual(kept({ phase: "skipped" }));
    },
  );

  it.each(["deleting", "migration-failed"])(
    "%s is a problem whatever the plan says of stopped ones",
    (status) => {
      expect(withStatus(status, { stopped: "skip" })).toMatchObject({ task: { phase: "failed" } });
    },
  );

  it.each([
    "backing-up",
    "modifying",
    "creating",
    "starting",
    "upgrading",
    "failing-over",
    "available, prep-for-resize",
    "a new word of AWS's",
  ])("%s passes by itself: due for half an hour, a problem afterwards", (status) => {
    const afterHours = (minutes: number) =>
      withStatus(status, { minutesElapsed: 120 + minutes, busySince: 120 });
    expect(withStatus(status, { minutesElapsed: 120 })).toEqual(kept({ phase: "due", busySince: 120 }));
    expect(afterHours(busyMinutesMax - 0.1)).toEqual(kept({ phase: "due", busySince: 120 }));
    expect(afterHours(busyMinutesMax)).toEqual(kept({ phase: "failed", problem: "unavailable" }));
  });

  it("does not matter when the cluster is gone", () => {
    expect(decide({ cluster: undefined })).toEqual(kept({ phase: "failed", problem: "missing" }));
  });
});

describe("an attempt of this run that is there already", () => {
  it.each<readonly [SnapshotStatus, object]>([
    ["available", { phase: "available", name }],
    ["creating", { phase: "awaited", name }],
    ["copying", { phase: "awaited", name }],
    ["unknown", { phase: "awaited", name }],
  ])("is kept while it is %s, even if the cluster is stopped or gone since", (status, task) => {
    for (const cluster of [clusterOf(), clusterOf({ status: "stopped" }), undefined]) {
      expect(decide({ cluster, attempts: [attempt(name, status)] })).toEqual(kept(task));
    }
  });

  it.each<SnapshotStatus>(["failed", "deleting"])("is followed by the next when it is %s", (status) => {
    expect(decide({ attempts: [attempt(first, status)] })).toEqual({ do: "create", name: second });
    expect(decide({ attempts: [attempt(second, status), attempt(first, status)] })).toEqual({
      do: "create",
      name: third,
    });
  });

  it("is kept as the second one where the first failed", () => {
    const attempts = [attempt(first, "failed"), attempt(second, "creating")];
    expect(decide({ attempts })).toEqual(kept({ phase: "awaited", name: second }));
  });

  it("takes the first name again where the failed one was deleted", () => {
    expect(decide({ attempts: [attempt(second, "failed")] })).toEqual({ do: "create", name: first });
  });

  it("is the last when three failed", () => {
    const attempts = [first, second, third].map((id) => attempt(id, "failed"));
    expect(decide({ attempts })).toEqual(kept({ phase: "failed", problem: "snapshot-failed" }));
  });

  it("is not replaced while the cluster is stopped", () => {
    const attempts = [attempt(first, "failed")];
    expect(withStatus("stopped", { attempts })).toEqual(kept({ phase: "failed", problem: "stopped" }));
  });
});

describe("a name that is not ours to use", () => {
  it("is passed over for the next attempt's", () => {
    expect(decide({ attempts: [attempt(first, "available", foreign)] })).toEqual({
      do: "create",
      name: second,
    });
  });

  it.each<readonly [string, Partial<Snapshot>]>([
    ["another stage's", { tags: { ...snapshotOf().tags, "holdfast:service": "holdfast-dev" } }],
    ["one whose tags nobody told", { tags: undefined }],
  ])("is never counted as this run's snapshot: %s", (_whose, differs) => {
    expect(decide({ attempts: [attempt(first, "available", differs)] })).toMatchObject({ do: "create" });
  });

  it("is waited for where it has no tags at all, which may not be indexed yet: for ten minutes", () => {
    const untagged = [attempt(first, "failed", { tags: {} }), attempt(second, "creating", { tags: {} })];
    for (const cluster of [clusterOf(), clusterOf({ status: "stopped" })]) {
      const within = decide({ cluster, attempts: untagged, minutesElapsed: 9.9 });
      expect(within).toEqual(kept({ phase: "awaited", name: second }));
    }
    expect(decide({ attempts: untagged, minutesElapsed: 10 })).toEqual({ do: "create", name: third });
    const own = [attempt(first, "available", { tags: {} }), attempt(second, "available")];
    expect(decide({ attempts: own })).toEqual(kept({ phase: "available", name: second }));
  });

  it("is the problem when a stranger holds the last of the three", () => {
    const attempts = [
      attempt(first, "failed"),
      attempt(second, "available", foreign),
      attempt(third, "failed"),
    ];
    expect(decide({ attempts })).toEqual(kept({ phase: "failed", problem: "name-taken" }));
  });

  it("is never chosen again: the next attempt's name is free, in order, or there is none", () => {
    fc.assert(
      fc.property(fc.subarray([first, second, third, "another"]), (held) => {
        const next = nextAttempt(
          name,
          held.map((id) => ({ id })),
        );
        expect(next).toBe([first, second, third].find((id) => !held.includes(id)));
      }),
    );
  });
});

describe("polling an awaited snapshot", () => {
  const task = { id: "orders", phase: "awaited", name } as const;
  const judge = (seen: Snapshot | undefined, minutesElapsed = 5) =>
    judgeTask({ service, task, seen, minutesElapsed });
  const due = { id: "orders", phase: "due" };
  const usedUp = { ...due, name };

  it.each<readonly [string, object]>([
    ["available", { id: "orders", phase: "available", name }],
    ["creating", task],
    ["copying", task],
    ["rebooting-the-moon", task],
    ["failed", usedUp],
    ["incompatible-restore", usedUp],
    ["deleting", usedUp],
  ])("that AWS calls %s", (word, expected) => {
    expect(judge(attempt(name, readStatus(word)))).toEqual(expected);
  });

  it("waits ten minutes for one that the listing does not show yet, then takes it again", () => {
    expect(judge(undefined, 9.9)).toEqual(task);
    expect(judge(undefined, 10)).toEqual(due);
  });

  it.each(["available", "creating"])("waits as long for one without any tags that AWS calls %s", (word) => {
    const untagged = attempt(name, readStatus(word), { tags: {} });
    expect(judge(untagged, 9.9)).toEqual(task);
    expect(judge(untagged, 10)).toEqual(usedUp);
  });

  it("does not wait for one that failed, whosever it is", () => {
    expect(judge(attempt(name, "failed", { tags: {} }))).toEqual(usedUp);
  });

  it("does not wait for what turns out to be a stranger's", () => {
    expect(judge(attempt(name, "creating", foreign))).toEqual(usedUp);
  });
});
