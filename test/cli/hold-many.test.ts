import { describe, expect, it } from "vitest";
import type { HoldDocument } from "../../cli/hold-document.ts";
import type { FaultRule } from "../../simulator/faults.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { copyOf, denied, idsOf, point } from "../steps/points.ts";
import { at, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";

const plans = plansFile(`regions: [us-east-1, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 3 }
`);

const [newest, older] = [point(0), point(1)] as const;
const [newestId, olderId] = idsOf([newest, older]) as [string, string];
const failed = point(2, { differs: { status: "failed" } });
const lake = point(0, { of: "lake", engine: "redshift" });
const arnOf = (id: string, region = "us-east-1") =>
  `arn:aws:rds:${region}:123456789012:cluster-snapshot:${id}`;

interface Lab {
  readonly run: (...words: string[]) => ReturnType<typeof holdfast>;
  /** Places that are held, as `REGION ID`. */
  readonly held: () => readonly string[];
  readonly listings: () => number;
}

/** Points of two nights, the newest with a copy, and the command there. */
const withPoints = async (faults: readonly Partial<FaultRule>[], work: (lab: Lab) => Promise<void>) => {
  const snapshots = [newest, older, copyOf(newest), failed, lake];
  const simulator = await startSimulator({ fleet: { now: "2026-11-21T00:00:00Z", snapshots } });
  for (const fault of faults) simulator.faults.add({ times: 1000, kind: denied, ...fault });
  const held = () =>
    ["us-east-1", "eu-west-1"].flatMap((region) => {
      const { clusterSnapshots, redshiftSnapshots } = simulator.world.store(region);
      const all = [...clusterSnapshots.values(), ...redshiftSnapshots.values()];
      return all.filter(({ tags }) => tags.has("holdfast:hold")).map(({ id }) => `${region} ${id}`);
    });
  try {
    await work({
      run: (...words) => holdfast([...words, "--stage", "test"], at(simulator.endpoint)),
      held,
      listings: () => simulator.calls.entries.filter(({ operation }) => /Snapshots$/.test(operation)).length,
    });
  } finally {
    await simulator.close();
  }
};

const config = ["--config", plans];

describe("several recovery points at once", () => {
  it("are held and released with one look at each region, each once", async () => {
    await withPoints([], async ({ run, held, listings }) => {
      const names = [newestId, arnOf(newestId), arnOf(newestId, "eu-west-1"), olderId];
      const { code, stdout } = await run("hold", ...names, "--copies", "--reason", "lost", ...config);
      expect([code, stdout.match(/^held /gm)?.length]).toEqual([0, 3]);
      expect(held()).toEqual([`us-east-1 ${newestId}`, `us-east-1 ${olderId}`, `eu-west-1 ${newestId}`]);
      expect(listings()).toBe(4);
      expect((await run("release", ...names, "--copies", ...config)).code).toBe(0);
      expect(held()).toEqual([]);
    });
  });

  it("are held but for those that are not there: these are named, and the status is 3", async () => {
    await withPoints([], async ({ run, held }) => {
      const { code, stdout, stderr } = await run("hold", olderId, "nothing-here", "--json", ...config);
      expect([code, held()]).toEqual([3, [`us-east-1 ${olderId}`]]);
      expect(stderr).toBe("holdfast: there is no manual snapshot nothing-here in us-east-1, eu-west-1\n");
      expect(documentOf<HoldDocument>("hold", stdout)).toMatchObject({
        points: [{ id: olderId, did: "held" }],
        notFound: [{ name: "nothing-here", error: expect.stringMatching(/^there is no manual snapshot/) }],
        unlisted: [],
      });
    });
  });
});

describe("where nothing was done to any of them", () => {
  it.each([
    ["its state forbids it: the caller's choice", [], [], 2],
    ["another name means nothing there", ["nothing-here"], [], 1],
    ["a region did not answer, which may have what was meant", [], [{ region: "eu-west-1" }], 1],
  ] as const)("the status tells why: %s", async (_, more, faults, status) => {
    await withPoints(faults, async ({ run, held }) => {
      const { code, stdout } = await run("hold", failed.id, ...more, "--json", ...config);
      expect(documentOf<HoldDocument>("hold", stdout).points).toMatchObject([{ did: "refused" }]);
      expect([code, held()]).toEqual([status, []]);
    });
  });
});

describe("where AWS refuses all of them", () => {
  it.each([
    ["one that may be held", [olderId]],
    ["one that may be held, beside one that may not", [olderId, failed.id]],
  ])("the status is 1: %s", async (_, names) => {
    await withPoints([{ operation: "AddTagsToResource" }], async ({ run, held }) => {
      const { code, stderr } = await run("hold", ...names, ...config);
      expect(stderr).toMatch(/^holdfast: rds AddTagsToResource in us-east-1: AccessDenied/);
      expect([code, held()]).toEqual([1, []]);
    });
  });
});

describe("while a region does not answer", () => {
  it("what is found elsewhere is held, what was not seen is told, and the status is 3", async () => {
    await withPoints([{ region: "us-east-1" }], async ({ run, held }) => {
      const { code, stdout, stderr } = await run("hold", newestId, "--copies", "--reason", "lost", ...config);
      expect([code, stdout]).toEqual([3, `held ${newestId} in eu-west-1: lost\n`]);
      expect(stderr).toMatch(/^holdfast: us-east-1 \(rds\) could not be listed: rds DescribeDBCluster/m);
      expect(held()).toEqual([`eu-west-1 ${newestId}`]);
    });
  });

  it("what is not found may be there, which is said", async () => {
    await withPoints([{ region: "us-east-1" }], async ({ run }) => {
      const { code, stdout, stderr } = await run("hold", olderId, ...config);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^holdfast: there is no manual snapshot \S+ in eu-west-1\n/);
      expect(stderr).toMatch(/^holdfast: us-east-1 \(rds\) could not be listed: /m);
    });
  });

  it("nothing is released: the name may mean another point than the one that is seen", async () => {
    await withPoints([], async ({ run }) => void (await run("hold", newestId, "--copies", ...config)));
    await withPoints([{ region: "us-east-1" }], async ({ run, held }) => {
      await run("hold", newestId, "--copies", ...config);
      const { code, stderr } = await run("release", newestId, ...config);
      expect([code, held()]).toEqual([1, [`eu-west-1 ${newestId}`]]);
      expect(stderr).toMatch(/nothing was released; name what can be seen by its ARN\n$/);
      expect((await run("release", arnOf(newestId, "eu-west-1"), ...config)).code).toBe(0);
      expect(held()).toEqual([]);
    });
  });
});

describe("an ARN", () => {
  it("is asked for in its own region and service only", async () => {
    await withPoints([{ service: "redshift" }], async ({ run, listings }) => {
      const { code, stderr } = await run("hold", arnOf(olderId), ...config);
      expect([code, stderr, listings()]).toEqual([0, "", 1]);
    });
  });

  it("needs no holdfast.yml", async () => {
    await withPoints([], async ({ run, held }) => {
      const { code, stderr } = await run("hold", arnOf(newestId, "eu-west-1"), "--config", "not-there.yml");
      expect([code, held()]).toEqual([0, [`eu-west-1 ${newestId}`]]);
      expect(stderr).toMatch(/^not-there.yml cannot be used here/);
      // Without one nobody knows where else to look.
      for (const words of [[newestId], [arnOf(newestId), olderId], [arnOf(newestId), "--copies"]])
        expect((await run("hold", ...words, "--config", "not-there.yml")).code).toBe(2);
      expect(held()).toEqual([`eu-west-1 ${newestId}`]);
    });
  });
});
