import { stripVTControlCharacters } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { openAccount } from "../../cli/account.ts";
import { lookAndList } from "../../cli/list.ts";
import type { ListDocument } from "../../cli/list-document.ts";
import { type FilterOptions, readFilters } from "../../cli/list-filters.ts";
import { renderList } from "../../cli/list-table.ts";
import { readSnapshot as readRds } from "../../lib/engines/rds-shapes.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { clusterOf, denied, warehouseOf, writesIn } from "../steps/points.ts";
import { at, type Ended, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";
import { copiesOf, lastNight, recent, recents } from "./recent.ts";

const plans = plansFile(`regions: [us-east-1, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    timezone: Asia/Kathmandu
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 3, keep-weekly: 2 }
    copies: [{ region: eu-west-1, kms-key: none, retention: { keep-daily: 2 } }]
    objective: { source: 26h, copy: 40d }
`);

const orders = recents(4);
const held = recent(9, { tags: { "holdfast:hold": "court order", "holdfast:reason": "before the trial" } });
const gone = recent(1, { of: "gone", keep: { daily: 3 } });
const lake = recent(0, { of: "warehouse", engine: "redshift", differs: { sizeGib: 900 } });
const byHand = { region: "us-east-1", id: "by-hand", cluster: "orders", created: "2026-01-01T00:00:00Z" };
const fleet: Fleet = {
  clusters: [clusterOf("orders"), warehouseOf("warehouse")],
  snapshots: [...orders, held, ...copiesOf(orders.slice(0, 2)), gone, lake, byHand],
};

interface Listed extends Ended {
  readonly simulator: Simulator;
}

interface World {
  readonly world?: Fleet;
  readonly disturb?: (simulator: Simulator) => void;
}

/** Lists a simulated account of this moment, in a process of its own. */
const listed = async (
  words: readonly string[],
  { world = fleet, disturb = () => {} }: World = {},
): Promise<Listed> => {
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), ...world } });
  try {
    disturb(simulator);
    const command = ["list", "--config", plans, "--stage", "test", ...words];
    return { ...(await holdfast(command, at(simulator.endpoint))), simulator };
  } finally {
    await simulator.close();
  }
};

/** The document that `--json` prints, made in this process: a process of its own takes seconds to start. */
const documentFrom = async (
  options: FilterOptions & { readonly region?: string; readonly config?: string },
  { world = fleet, disturb = () => {} }: World = {},
): Promise<ListDocument> => {
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), ...world } });
  for (const [name, value] of Object.entries(at(simulator.endpoint))) vi.stubEnv(name, value);
  try {
    disturb(simulator);
    const account = openAccount({ config: plans, stage: "test", ...options });
    const document = await lookAndList(account, readFilters(options, account, Date.now()));
    return documentOf<ListDocument>("list", JSON.stringify(document));
  } finally {
    vi.unstubAllEnvs();
    await simulator.close();
  }
};

const idsIn = ({ points }: ListDocument): readonly string[] =>
  points.map(({ id, region }) => `${region} ${id}`).toSorted();
const idsOf = (some: readonly { region: string; id: string }[]): readonly string[] =>
  some.map(({ id, region }) => `${region} ${id}`).toSorted();

/** Since the newest of them, in whole hours. */
const hours = Math.floor((Date.now() - lastNight) / 3_600_000);

const silence = (region: string) => (simulator: Simulator) =>
  void simulator.faults.add({ region, times: 1000, kind: denied });

describe("holdfast list", () => {
  it("shows each recovery point with what keeps it, and for how many more runs", async () => {
    const document = await documentFrom({ cluster: "orders" });
    const told = document.points.map(({ region, kind, because, longevity }) => ({
      ...{ region, kind, because: because.at(-1), longevity },
    }));
    expect(told).toContainEqual({
      ...{ region: "eu-west-1", kind: "copy", because: "daily 2 of 2", longevity: { kind: "runs", runs: 0 } },
    });
    expect(told.at(-1)).toEqual({
      ...{ region: "us-east-1", kind: "source" },
      ...{ because: "held: court order", longevity: { kind: "held" } },
    });
    const marked = document.points.filter(({ hold, reason }) => hold !== null || reason !== null);
    expect(marked.map(({ id, hold, reason }) => [id, hold, reason])).toEqual([
      [held.id, "court order", "before the trial"],
    ]);
    expect(document.points[0]).toMatchObject({ timeZone: "Asia/Kathmandu", plan: "daily", stays: true });
    expect(idsIn(document)).toEqual(idsOf([...orders, held, ...copiesOf(orders.slice(0, 2))]));
  });

  it("prints a table that fits 80 columns, in the plan's time zone, and writes nothing anywhere", async () => {
    const { code, stdout, stderr, simulator } = await listed([]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    // 03:00 UTC.
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d 08:45 us-east-1 {6}available no {2}/m);
    expect(stdout).toContain("orders  Aurora PostgreSQL, us-east-1  plan daily, Asia/Kathmandu\n");
    expect(stdout.match(/asked for .*/g)).toEqual([
      expect.stringMatching(/^asked for at .* 08:45: before the trial$/),
    ]);
    // Under its row, whole: `hold` and a restore ask for it.
    for (const { id, region } of [...orders, held, ...copiesOf(orders.slice(0, 2)), gone, lake])
      expect(stdout).toMatch(new RegExp(`^\\S+ \\S+ ${region} .*\\n {2}${id}$`, "m"));
    expect(stdout).toMatch(/^9 recovery points of 3 clusters/m);
    expect(stdout.includes("\u001b")).toBe(false);
    expect(writesIn(simulator)).toEqual([]);
    expect(simulator.calls.total).toBeGreaterThan(0);
  });

  it("gives identifiers a column where the terminal is wide enough", async () => {
    const document = await documentFrom({ cluster: "orders" });
    const filters = { orphans: false, foreign: false, narrow: true };
    const shown = stripVTControlCharacters(renderList(document, { filters, width: 130 }));
    expect(shown).toMatch(/ SNAPSHOT$/m);
    for (const { id, region } of [...orders, held])
      expect(shown).toMatch(new RegExp(`^\\S+ \\S+ ${region} .* ${id}$`, "m"));
    expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThanOrEqual(130);
  });

  it("prints the same as one document with --json, and nothing else", async () => {
    const { code, stdout, stderr } = await listed(["--json"]);
    expect(idsIn(documentOf<ListDocument>("list", stdout))).toHaveLength(9);
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("tells a size where AWS does", async () => {
    const { points } = await documentFrom({});
    const sizes = new Map(points.map(({ cluster, sizeGib }) => [cluster, sizeGib]));
    expect([sizes.get("warehouse"), sizes.get("orders")]).toEqual([900, null]);
    const arn = "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:s";
    const shape = { DBClusterSnapshotArn: arn, DBClusterSnapshotIdentifier: "s", DBClusterIdentifier: "c" };
    const multiAz = { ...shape, Engine: "mysql", AllocatedStorage: 400 };
    expect(readRds("us-east-1", multiAz)?.sizeGib).toBe(400);
    expect(readRds("us-east-1", { ...multiAz, AllocatedStorage: 0 })).not.toHaveProperty("sizeGib");
    expect(readRds("us-east-1", { ...multiAz, AllocatedStorage: 1 })).not.toHaveProperty("sizeGib");
  });

  it.each<[string, FilterOptions, readonly { region: string; id: string }[]]>([
    ["--plan", { plan: "daily" }, [...orders, held, ...copiesOf(orders.slice(0, 2)), gone, lake]],
    ["--cluster with an ARN", { cluster: "arn:aws:rds:us-east-1:123456789012:cluster:gone" }, [gone]],
    ["--engine", { engine: "redshift" }, [lake]],
    ["--in", { in: "eu-west-1" }, copiesOf(orders.slice(0, 2))],
    ["--since and --until", { since: `${hours + 60}h`, until: `${hours + 36}h` }, orders.slice(2, 3)],
    ["--until", { until: "8d" }, [held]],
    ["--orphans", { orphans: true }, [gone]],
  ])("narrows by %s", async (_, options, expected) => {
    expect(idsIn(await documentFrom(options))).toEqual(idsOf(expected));
  });

  it("says of an orphan why it is one, and what governs it", async () => {
    const { stdout } = await listed(["--orphans"]);
    expect(stdout).toContain("orphan in us-east-1, stamped policy daily=3: its cluster is gone\n");
    expect(stdout).toMatch(/ daily 1 of 3 orphan$/m);
    const { points } = await documentFrom({ orphans: true });
    expect(points).toMatchObject([
      { governor: "sweep", policies: ["daily=3"], orphan: "its cluster is gone" },
    ]);
  });

  it("shows what is not ours, with why not", async () => {
    const { points, foreign } = await documentFrom({ foreign: true });
    expect([points, foreign.map(({ id, because }) => [id, because])]).toEqual([
      [],
      [["by-hand", "no tag holdfast:service"]],
    ]);
    const { stdout } = await listed(["--foreign", "--stage", "prod"]);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(/ of orders: of holdfast\/test, not of holdfast\/prod /);
    for (const { id } of [...orders, byHand])
      expect(stdout).toMatch(new RegExp(`^us-east-1 +\\d{4}-\\d\\d-\\d\\d ${id}( |$)`, "m"));
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe("a snapshot that has just been begun, of which AWS tells no time", () => {
  it("is new for --since, and not old for --until", async () => {
    const begun = { region: "us-east-1", id: "begun", cluster: "orders", status: "creating" } as const;
    const world = { ...fleet, snapshots: [{ ...begun, created: new Date().toISOString() }] };
    const idsWith = async (options: FilterOptions): Promise<readonly string[]> =>
      (await documentFrom({ foreign: true, ...options }, { world })).foreign.map(({ id }) => id);
    expect(await idsWith({ since: "1h" })).toEqual(["begun"]);
    expect(await idsWith({ until: "1h" })).toEqual([]);
  });
});

describe("where a region does not answer", () => {
  it("has a row that says so, shows the others, and exits 3", async () => {
    const { code, stdout } = await listed([], { disturb: silence("eu-west-1") });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^eu-west-1 {2}rds could not be listed: /m);
    expect(stdout).toMatch(/^eu-west-1 {2}redshift could not be listed: /m);
    expect(stdout).toMatch(/^as far as regions answered: 7 recovery points of 3 clusters/m);
    const document = await documentFrom({}, { disturb: silence("eu-west-1") });
    expect(document.unlisted.map(({ region, family }) => `${region} ${family}`)).toEqual([
      "eu-west-1 rds",
      "eu-west-1 redshift",
    ]);
  });

  it("takes no copy for an orphan because its cluster cannot be seen", async () => {
    const { points } = await documentFrom({}, { disturb: silence("us-east-1") });
    expect(points.map(({ governor, orphan }) => [governor, orphan])).toEqual([
      ["unknown", null],
      ["unknown", null],
    ]);
    expect(points[0]).toMatchObject({ policies: ["last=1"], because: ["last 1 of 1"] });
    const { stdout, code } = await listed(["--orphans"], { disturb: silence("us-east-1") });
    expect(stdout).toMatch(/as far as regions answered: no orphan of holdfast\/test/);
    expect(code).toBe(3);
  });

  it("takes no copy for an orphan because its cluster's region is not in holdfast.yml", async () => {
    const config = plansFile(`regions: [eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [eu-west-1] }
    retention: { keep-daily: 3 }
`);
    const { points } = await documentFrom({ config });
    expect(points.map(({ region, governor, orphan }) => [region, governor, orphan])).toEqual([
      ["eu-west-1", "unknown", null],
      ["eu-west-1", "unknown", null],
    ]);
  });

  it("is not asked with --from-here: the copies' own tags say everything", async () => {
    const { code, stdout, simulator } = await listed(["--from-here", "--in", "eu-west-1"], {
      disturb: silence("us-east-1"),
    });
    expect(code).toBe(0);
    expect(stdout).toContain("in eu-west-1 judged by its tags alone, stamped policy last=1\n");
    expect(stdout).toMatch(/^2 recovery points of 1 cluster/m);
    expect([...new Set(simulator.calls.entries.map(({ region }) => region))]).toEqual(["eu-west-1"]);
    const here = await documentFrom({ fromHere: true, region: "eu-west-1" });
    expect([here.regions, here.points.length]).toEqual([["eu-west-1"], 2]);
    // Also where holdfast.yml does not look.
    const beyond = copiesOf(orders.slice(0, 1), { region: "eu-central-1" });
    const there = await documentFrom(
      { fromHere: true, in: "eu-central-1" },
      { world: { ...fleet, snapshots: [...beyond] } },
    );
    expect([there.regions, idsIn(there)]).toEqual([["eu-central-1"], idsOf(beyond)]);
  });

  it("shows the copies from the copy region, whatever becomes of holdfast.yml", async () => {
    // Read from the copy region as home, these plans copy to where their clusters would be.
    const homeless = plansFile(`
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: {} }
    retention: {}
    copies: [{ region: eu-west-1 }]
`);
    for (const config of [homeless, "no-such-file.yml"]) {
      const words = ["--region", "eu-west-1", "--from-here", "--config", config];
      const { code, stdout, stderr } = await listed(words, { disturb: silence("us-east-1") });
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^2 recovery points of 1 cluster/m)]);
      expect(stderr).toContain(`${config} cannot be used here, and what stands on the snapshots has to do: `);
    }
  });
});

describe("a list with nothing in it", () => {
  it.each([
    [{}, [], "no recovery point of holdfast/test in us-east-1, eu-west-1 yet: `holdfast backup"],
    [fleet, ["--cluster", "nothing"], "no recovery point of holdfast/test in us-east-1, eu-west-1 fits;"],
    [
      {},
      ["--orphans"],
      "no orphan of holdfast/test in us-east-1, eu-west-1: some plan's runs prune every recovery point",
    ],
    [{}, ["--foreign"], "every manual snapshot in us-east-1, eu-west-1 is ours"],
  ] as [Fleet, string[], string][])("says so in a sentence (%#)", async (world, words, sentence) => {
    const { code, stdout } = await listed(words, { world });
    expect(stdout.replaceAll("\n", " ")).toContain(sentence);
    expect(code).toBe(0);
  });

  it("is a document all the same", async () => {
    expect(await documentFrom({}, { world: {} })).toMatchObject({ points: [], foreign: [], unlisted: [] });
  });
});

describe("a mistake in the filters", () => {
  it.each<[FilterOptions, string | RegExp]>([
    [{ engine: "docdc" }, /^--engine docdc is no engine; use one of aurora.*; did you mean docdb\?$/],
    [{ engine: "oracle-enterprise" }, /^--engine oracle-enterprise is no engine; use one of .*redshift$/],
    [{ in: "Ireland" }, "--in Ireland is no region; use one such as eu-west-1"],
    [
      { in: "eu-west-3" },
      /^--in eu-west-3 is not in holdfast.yml's regions, which are us-east-1, eu-west-1; add/,
    ],
    [{ since: "soon" }, /^--since soon is not an age; use years, months, days and hours such as 7d, 36h or/],
    [{ since: "1d", until: "7d" }, /^--since 1d and --until 7d leave nothing; /],
    [{ since: "7d", until: "7d" }, /^--since 7d and --until 7d leave nothing; /],
  ])("%j is one sentence", async (options, sentence) => {
    const failure = await documentFrom(options).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: "Misuse", message: expect.stringMatching(sentence) });
  });

  it("exits 2 and prints nothing else", async () => {
    for (const [words, sentence] of [
      [["--plan", "dialy"], 'holdfast: there is no plan "dialy" in holdfast.yml; its plans are: daily\n'],
      [["--until", "soon"], /^holdfast: --until soon is not an age; .*\n$/],
      [["--foreign", "--orphans"], /'--foreign' cannot be used with option '--orphans'/],
      [["--from-here", "--orphans"], /'--from-here' cannot be used with option '--orphans'/],
    ] as const) {
      const { code, stdout, stderr } = await listed(words);
      expect(stderr).toMatch(sentence);
      expect([code, stdout]).toEqual([2, ""]);
    }
  });

  it("is none to name a plan that only recovery points remember", async () => {
    const world = { snapshots: [recent(1, { plan: "hourly" })] };
    const { points } = await documentFrom({ plan: "hourly" }, { world });
    expect(points).toMatchObject([{ plan: "hourly", orphan: "there is no plan hourly any more" }]);
  });

  it("is met by help with an example", async () => {
    const { stdout } = await holdfast(["list", "--help"]);
    expect(stdout).toContain("holdfast list --region eu-west-1 --from-here");
  });
});
