import { describe, expect, it } from "vitest";
import type { Simulator } from "../../simulator/simulator.ts";
import { cluster, nightAfter, withNight } from "../night.ts";

const dayMs = 86_400_000;

/** Clusters of many sizes: the snapshots of the small ones are always there first. */
const fleetOf = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    cluster(`c${String(at).padStart(2, "0")}`, { sizeGib: 1 + ((at * 7) % count) }),
  );

const config = `
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] } }
    retention: { keep-last: 2 }
    copies: [{ region: eu-west-1, kms-key: none, retention: { keep-last: 2 } }]
    deadline: 10h
`;

/** When each cluster's newest available copy was taken, epoch milliseconds. */
const newestCopies = (simulator: Simulator): ReadonlyMap<string, number> => {
  const copies = [...simulator.world.store("eu-west-1").clusterSnapshots.values()];
  const taken = copies
    .filter(({ status }) => status === "available")
    .map((one) => [one.clusterId, Date.parse(one.tags.get("holdfast:taken-at") ?? "")] as const)
    .toSorted(([, a], [, b]) => a - b);
  return new Map(taken);
};

describe("nights in which copies take long, five at a time", () => {
  it.each([
    // Two rounds of five are started before the deadline, and all of them arrive before the next night.
    { hours: 6, count: 60, perNight: 10 },
    // A round lasts longer than a night and a day: the next night finds it still running.
    { hours: 30, count: 15, perNight: 2.5 },
  ])(
    "copy each of $count clusters in its turn and nothing twice, with $hours hours a copy",
    {
      timeout: 300_000,
    },
    async ({ hours, count, perNight }) => {
      const clusters = fleetOf(count);
      const quota = { manualClusterSnapshotsMax: 300 };
      const settings = {
        ...quota,
        copyBaseSeconds: hours * 3600,
        copySecondsPerGib: 0,
        snapshotSecondsPerGib: 30,
      };
      await withNight({ fleet: { clusters, settings }, config }, async ({ simulator, run }) => {
        const turn = Math.ceil(clusters.length / perNight);
        const sources: string[] = [];
        for (let night = 0; night < 2 * turn; night += 1) {
          const due = Date.parse(nightAfter(night));
          simulator.clock.advance((due - simulator.clock.now().getTime()) / 1000);
          const newest = newestCopies(simulator);
          // A cluster's turn comes round in so many nights, and its copy arrives within the next.
          const late = clusters.filter(({ id }) => due - (newest.get(id) ?? 0) > (turn + 1) * dayMs);
          if (night > turn + 1) expect(late.map(({ id }) => id)).toEqual([]);
          const { document, ledger } = await run({ plan: "daily", at: nightAfter(night) });
          const others = document.problems.filter(({ code }) => code !== "deadline" && code !== "copy-gate");
          expect(others).toEqual([]);
          sources.push(...ledger.of("copy.started").map(({ source }) => source));
        }
        expect(sources.length).toBe(new Set(sources).size);
        const asked = simulator.calls.entries.filter(
          ({ operation }) => operation === "CopyDBClusterSnapshot",
        );
        expect(asked.filter(({ code }) => code !== undefined)).toEqual([]);
      });
    },
  );
});
