import { describe, expect, it } from "vitest";
import type { PlanChanges } from "../../cli/plan-changes.ts";
import type { PruneDocument } from "../../cli/prune-document.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { clusterOf, denied, warehouseOf, writesIn } from "../steps/points.ts";
import { at, copyOf, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";
import { copiesOf, recent, recents } from "./recent.ts";

/** What a changed file leaves to no plan's run is Sweep's, by the policies stamped on it. */

const planOf = (name: string, value: string): string => `  ${name}:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [${value}] } }
    retention: { keep-daily: 9 }
`;
const both = plansFile(`plans:\n${planOf("daily", "daily")}${planOf("other", "other")}`);
const without = plansFile(`plans:\n${planOf("other", "other")}`);
const none = plansFile("regions: [us-east-1]\nplans: {}\n");

const wider = plansFile("regions: [us-east-1, eu-west-1]\nplans: {}\n");
const onlyDaily = plansFile(`plans:\n${planOf("daily", "daily")}`);

const keep = { daily: 3 };
const orders = recents(6, { keep });
const carts = recents(15, { of: "carts", keep });

const withWorld = async (
  snapshots: readonly ReturnType<typeof recent>[],
  work: (
    run: (command: string, ...words: string[]) => ReturnType<typeof holdfast>,
    simulator: Simulator,
  ) => Promise<void>,
  more: Partial<Fleet> = {},
): Promise<void> => {
  const clusters = [clusterOf("orders"), clusterOf("others", { tags: { backup: "other" } })];
  const fleet = { now: new Date().toISOString(), clusters, snapshots: [...snapshots], ...more };
  const simulator = await startSimulator({ fleet });
  const run = (command: string, ...words: string[]) =>
    holdfast([command, ...words, "--stage", "test"], at(simulator.endpoint));
  try {
    await work(run, simulator);
  } finally {
    await simulator.close();
  }
};

describe("holdfast plan --against a file without a plan", () => {
  it.each([
    ["one plan less", without, 0],
    ["no plan at all, which stops a gate", none, 3],
  ])(
    "foretells what Sweep would remove, as prune says it: %s",
    {
      timeout: 60_000,
    },
    async (_, changed, status) => {
      await withWorld(orders, async (run, simulator) => {
        const { stdout } = await run("plan", "--config", both, "--against", changed, "--json");
        const { swept, pruned, plansRemoved } = documentOf<PlanChanges>("plan", stdout);
        expect(plansRemoved).toContain("daily");
        const judged = documentOf<PruneDocument>(
          "prune",
          (await run("prune", "--config", changed, "--json")).stdout,
        );
        const going = judged.sets.flatMap(({ remove }) => remove.map(({ id }) => id));
        expect(going).toHaveLength(3);
        expect(swept.map(({ id }) => id).toSorted()).toEqual(going.toSorted());
        expect(swept[0]?.because).toMatch(/no rule keeps it; swept: there is no plan daily any more$/);
        // The present plan keeps nine days of them.
        expect(pruned.more.map(({ id }) => id).toSorted()).toEqual(going.toSorted());
        const shown = await run("plan", "--config", both, "--against", changed);
        expect(shown.code).toBe(status);
        expect(shown.stdout.replaceAll(/\s+/g, " ")).toContain(
          "- plan daily: its recovery points go on under the policies stamped on them; Sweep would remove 3",
        );
        expect(shown.stdout).toMatch(/^would be pruned: 3$/m);
        expect(shown.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
        expect(writesIn(simulator)).toEqual([]);
      });
    },
  );

  it("stops a gate above Sweep's brake", { timeout: 60_000 }, async () => {
    await withWorld([...recents(15, { keep }), ...carts], async (run) => {
      const { code, stdout } = await run("plan", "--config", both, "--against", without);
      expect(stdout).toMatch(/^1 {2}orders \(us-east-1\): more would be removed than the plan's brake/m);
      // Of a cluster that is gone already nothing changes.
      expect(stdout).not.toContain("carts");
      expect(code).toBe(3);
    });
  });

  it("stops a gate where Sweep's places are not all seen", { timeout: 60_000 }, async () => {
    await withWorld(orders, async (run, simulator) => {
      simulator.faults.add({ operation: "DescribeDBClusterSnapshots", times: 1000, kind: denied });
      const { code, stdout } = await run("plan", "--config", both, "--against", none);
      expect([code, stdout]).toEqual([3, expect.stringContaining("the region could not be listed")]);
    });
  });
});

describe("holdfast plan --against", () => {
  const same = "the next runs would do the same with both\n\nnothing was changed\n";

  it("of a named plan compares that plan alone, in its runs and in what is left to Sweep", {
    timeout: 60_000,
  }, async () => {
    await withWorld(recents(6, { plan: "other", of: "others", keep }), async (run) => {
      for (const changed of [copyOf(both), onlyDaily])
        expect(await run("plan", "daily", "--config", both, "--against", changed)).toMatchObject({
          ...{ code: 0, stdout: same },
        });
      const { stdout } = await run("plan", "--config", both, "--against", onlyDaily, "--json");
      expect(documentOf<PlanChanges>("plan", stdout).swept).toHaveLength(3);
    });
  });

  it("passes a gate where no plan was on before either", { timeout: 60_000 }, async () => {
    await withWorld([], async (run) => {
      expect(await run("plan", "--config", none, "--against", copyOf(none))).toMatchObject({
        code: 0,
        stdout: same,
      });
    });
  });

  it("judges what Sweep would remove at the time of the runs", { timeout: 60_000 }, async () => {
    const inDays = (days: number): string =>
      new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, "");
    const [newest, ...older] = orders;
    const kept = recent(9, { keep, tags: { "holdfast:until": inDays(2) } });
    if (newest === undefined) throw new Error("there is no point");
    await withWorld([newest, ...older.slice(0, 2), kept], async (run) => {
      const sweptAt = async (...words: string[]): Promise<readonly string[]> => {
        const { stdout } = await run("plan", "--config", both, "--against", without, "--json", ...words);
        return documentOf<PlanChanges>("plan", stdout).swept.map(({ id }) => id);
      };
      expect([await sweptAt(), await sweptAt("--at", inDays(3))]).toEqual([[], [kept.id]]);
    });
  });

  it("looks where the changed file does", { timeout: 60_000 }, async () => {
    const copies = copiesOf(recents(6, { keep }), { keep });
    await withWorld(copies, async (run) => {
      const { stdout } = await run("plan", "--config", both, "--against", wider, "--json");
      const { swept } = documentOf<PlanChanges>("plan", stdout);
      expect(new Set(swept.map(({ region }) => region))).toEqual(new Set(["eu-west-1"]));
    });
  });
});

describe("holdfast plan --against, of clusters of one name", () => {
  const fileOf = ({ regions = "us-east-1, us-west-2", key = "backup", engines = "" } = {}): string =>
    plansFile(`plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [${regions}]${engines} }
    retention: { keep-daily: 9 }
    copies: [{ region: eu-west-1, kms-key: alias/${key} }]
`);
  const fleet = {
    clusters: [
      clusterOf("orders", { encrypted: true }),
      clusterOf("orders", { region: "us-west-2", encrypted: true }),
      warehouseOf("orders"),
    ],
    keys: ["alias/backup", "alias/other"].map((alias) => ({ region: "eu-west-1", alias })),
  };
  const from = (region: string, key: string) => ({
    ...{ plan: "daily", region: "eu-west-1", id: "orders" },
    because: `from ${region}, with alias/${key}`,
  });

  it.each([
    ["of another region", { regions: "us-east-1" }, { taken: ["us-west-2"], copied: ["us-west-2"] }],
    [
      "of another engine",
      { engines: ", engines: [aurora-postgresql]" },
      { taken: ["us-east-1"], copied: [] },
    ],
  ])("tells that one is taken and copied no longer: %s", { timeout: 120_000 }, async (_, narrow, fewer) => {
    await withWorld(
      [],
      async (run) => {
        const words = ["--config", fileOf(), "--against", fileOf(narrow), "--json"];
        const { taken, copied } = documentOf<PlanChanges>("plan", (await run("plan", ...words)).stdout);
        expect(taken.fewer.map(({ region, id }) => [region, id])).toEqual(
          fewer.taken.map((region) => [region, "orders"]),
        );
        expect(copied.fewer).toEqual(fewer.copied.map((region) => from(region, "backup")));
        expect([taken.more, copied.more]).toEqual([[], []]);
      },
      fleet,
    );
  });

  it("tells that copies would be under another key", { timeout: 120_000 }, async () => {
    await withWorld(
      [],
      async (run) => {
        const words = ["--config", fileOf(), "--against", fileOf({ key: "other" }), "--json"];
        const { copied, taken } = documentOf<PlanChanges>("plan", (await run("plan", ...words)).stdout);
        const both = (key: string) => ["us-east-1", "us-west-2"].map((region) => from(region, key));
        expect([copied, taken]).toEqual([
          { more: both("other"), fewer: both("backup") },
          { more: [], fewer: [] },
        ]);
      },
      fleet,
    );
  });
});
