import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { openAccount } from "../../cli/account.ts";
import { lookAndJudge } from "../../cli/status.ts";
import type { StatusDocument } from "../../cli/status-document.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { clusterOf, denied, warehouseOf, writesIn } from "../steps/points.ts";
import { at, type Ended, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";
import { copiesOf, recent, recents } from "./recent.ts";

const plans = plansFile(`regions: [us-east-1, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 3 }
    copies: [{ region: eu-west-1, kms-key: none }]
    objective: { source: 26h, copy: 30h }
`);

const key = { region: "us-east-1", alias: "alias/orders" } as const;
const orders = clusterOf("orders");
const staging = clusterOf("staging-for-the-whole-company", { tags: { backup: "weekly" } });
const lake = recent(0, { of: "warehouse", engine: "redshift" });
const healthy: Fleet = {
  clusters: [orders],
  snapshots: [...recents(2), ...copiesOf(recents(2))],
};
const mixed: Fleet = {
  clusters: [orders, staging, warehouseOf("warehouse")],
  snapshots: [...(healthy.snapshots ?? []), lake],
};

interface World {
  readonly world?: Fleet;
  readonly disturb?: (simulator: Simulator) => void;
}

const withAccount = async <T>(
  { world = mixed, disturb = () => {} }: World,
  work: (simulator: Simulator) => Promise<T>,
): Promise<T> => {
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), ...world } });
  try {
    disturb(simulator);
    return await work(simulator);
  } finally {
    await simulator.close();
  }
};

/** The command in a process of its own. */
const asked = (words: readonly string[], world: World = {}): Promise<Ended & { simulator: Simulator }> =>
  withAccount(world, async (simulator) => {
    const command = ["status", "--config", plans, "--stage", "test", ...words];
    return { ...(await holdfast(command, at(simulator.endpoint))), simulator };
  });

/** The document that `--json` prints, made in this process: a process of its own takes seconds to start. */
const documentFrom = (world: World = {}, strict = false): Promise<StatusDocument> =>
  withAccount(world, async (simulator) => {
    for (const [name, value] of Object.entries(at(simulator.endpoint))) vi.stubEnv(name, value);
    try {
      const account = openAccount({ config: plans, stage: "test" });
      const document = await lookAndJudge(account, { strict });
      return documentOf<StatusDocument>("status", JSON.stringify(document));
    } finally {
      vi.unstubAllEnvs();
    }
  });

const verdictsIn = ({ clusters }: StatusDocument): Readonly<Record<string, string>> =>
  Object.fromEntries(clusters.map(({ cluster, verdict }) => [cluster, verdict]));

const silence = (region: string) => (simulator: Simulator) =>
  void simulator.faults.add({ region, times: 1000, kind: denied });

describe("holdfast status", () => {
  it("gives the verdict for every cluster, tagged or not, the urgent ones first", async () => {
    const document = await documentFrom();
    expect(document.clusters.map(({ cluster, verdict }) => [cluster, verdict])).toEqual([
      ["warehouse", "at risk"],
      [staging.id, "unprotected"],
      ["orders", "protected"],
    ]);
    expect(document).toMatchObject({ well: false, totals: { protected: 1, atRisk: 1, unprotected: 1 } });
    expect(document.clusters[1]?.because).toEqual(["tag backup is weekly, not daily"]);
    expect(document.clusters[0]?.risks).toMatchObject([{ code: "objective", region: "eu-west-1" }]);
  });

  it("prints a table that fits 80 columns with the reasons in sentences, exits 3, and writes nothing", async () => {
    const { code, stdout, stderr, simulator } = await asked([]);
    expect([code, stderr]).toEqual([3, ""]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^orders +Aurora PostgreSQL us-east-1 protected +\d+h( \d+m)? +\d+h( \d+m)?$/m);
    expect(stdout).toMatch(/^warehouse +Redshift +us-east-1 at risk +\S+( \d+m)? +none +1$/m);
    expect(stdout).toMatch(
      /^2 {2}staging-for-the-whole-company \(us-east-1\): tag backup is weekly, not daily\.$/m,
    );
    expect(stdout).toMatch(/^holdfast\/test: 1 protected, 1 at risk, 1 unprotected; a plan is at risk$/m);
    expect(stdout.includes("\u001b")).toBe(false);
    expect(writesIn(simulator)).toEqual([]);
    expect(simulator.calls.total).toBeGreaterThan(0);
  });

  it("prints one document with --json, and nothing else", async () => {
    const { code, stdout, stderr } = await asked(["--json"], { world: healthy });
    expect(documentOf<StatusDocument>("status", stdout)).toMatchObject({ well: true, risks: [] });
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("names a cluster that is gone and whose recovery points are there, and is well", async () => {
    const world = { ...healthy, snapshots: [...(healthy.snapshots ?? []), ...recents(3, { of: "carts" })] };
    const { code, stdout } = await asked([], { world });
    expect([code, stdout.replaceAll(/\s+/g, " ")]).toEqual([
      0,
      expect.stringMatching(
        /gone carts \(us-east-1\): 3 recovery points are left, the newest of \d{4}-\d\d-\d\d; see holdfast list --cluster carts\./,
      ),
    ]);
    const { gone } = await documentFrom({ world });
    expect(gone.map(({ cluster, points }) => [cluster, points])).toEqual([["carts", 3]]);
  });

  it("points whoever looks at the wrong stage to the right one", async () => {
    const { simulator: _, ...ended } = await withAccount({ world: healthy }, async (simulator) => {
      const variables = { ...at(simulator.endpoint), HOLDFAST_STAGE: "staging" };
      return { ...(await holdfast(["status", "--config", plans], variables)), simulator };
    });
    expect(ended.stdout.replaceAll(/\s+/g, " ")).toContain(
      "no recovery point of holdfast/staging was seen; there are some of holdfast/test (--stage)",
    );
  });

  it("is not well where no plan is switched on", async () => {
    const off = plansFile(`${readFileSync(plans, "utf8")}    enabled: false\n`);
    const { code, stdout } = await asked(["--config", off], { world: healthy });
    expect([code, stdout]).toEqual([3, expect.stringContaining("nothing is backed up")]);
  });

  it("exits 0 while all that a plan means is protected, and 3 with --strict where some is not meant", async () => {
    const world = { ...healthy, clusters: [orders, staging] };
    expect((await asked([], { world })).code).toBe(0);
    expect((await asked(["--strict"], { world })).code).toBe(3);
    expect(await documentFrom({ world }, true)).toMatchObject({ strict: true, well: false });
    expect(await documentFrom({ world: healthy }, true)).toMatchObject({ strict: true, well: true });
  });

  it("finds missed objectives, here and in the copy region", async () => {
    const late = recents(4).slice(2);
    const world = { clusters: [orders], snapshots: [...late, ...copiesOf(late)] };
    const { clusters, risks, plans: rows } = await documentFrom({ world });
    expect(clusters[0]?.risks.map(({ code, region }) => [code, region])).toEqual([
      ["objective", "us-east-1"],
      ["objective", "eu-west-1"],
    ]);
    expect(risks.map(({ code, kind }) => [code, kind])).toEqual([
      ["run", "source"],
      ["run", "copy"],
    ]);
    expect(rows).toHaveLength(2);
  });

  it("finds a key that recovery points need and that cannot be used", async () => {
    const differs = { encrypted: true, kmsKey: "alias/orders" };
    const snapshots = [recent(0, { differs }), ...copiesOf([recent(0)])];
    const world: Fleet = { clusters: [orders], snapshots, keys: [{ ...key, state: "Disabled" }] };
    const { clusters } = await documentFrom({ world });
    expect(clusters[0]).toMatchObject({ verdict: "at risk", risks: [{ code: "key", region: "us-east-1" }] });
    expect(clusters[0]?.risks[0]?.sentence).toMatch(/^a recovery point there needs key arn:.* is Disabled$/);
    const usable = { ...world, keys: [key] };
    expect((await documentFrom({ world: usable })).clusters[0]?.verdict).toBe("protected");
    const failed = recent(1, { differs: { ...differs, status: "failed" } });
    const spent = { ...world, snapshots: [recent(0), failed, ...copiesOf([recent(0)])] };
    expect((await documentFrom({ world: spent })).clusters[0]).toMatchObject({
      verdict: "protected",
      risks: [],
    });
  });

  it("finds a key that copies need in their own region", async () => {
    const copies = copiesOf([recent(0)]).map((one) => ({ ...one, encrypted: true, kmsKey: "alias/orders" }));
    const keys = [{ ...key, region: "eu-west-1", state: "Disabled" as const }];
    const { clusters } = await documentFrom({
      world: { clusters: [orders], snapshots: [recent(0), ...copies], keys },
    });
    expect(clusters[0]).toMatchObject({ verdict: "at risk", risks: [{ code: "key", region: "eu-west-1" }] });
  });

  it("finds a prune that the brake holds back", async () => {
    const world = { clusters: [orders], snapshots: [...recents(15), ...copiesOf(recents(2))] };
    const { clusters } = await documentFrom({ world });
    expect(clusters[0]?.risks).toMatchObject([{ code: "brake", region: "us-east-1" }]);
  });
});

describe("where a region does not answer", () => {
  it("has a row that says so, judges the others, and exits 3", async () => {
    const { code, stdout } = await asked([], { world: healthy, disturb: silence("eu-west-1") });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^eu-west-1 {2}rds could not be listed: /m);
    expect(stdout).toMatch(
      /^holdfast\/test: as far as regions answered, 0 protected, 1 at risk, 0 unprotected$/m,
    );
    const document = await documentFrom({ world: healthy, disturb: silence("eu-west-1") });
    expect(document.clusters[0]?.risks).toMatchObject([{ code: "unseen", region: "eu-west-1" }]);
    expect(document.plans.map(({ kind }) => kind)).toEqual(["source"]);
  });

  it("says what is known of clusters whose own region is dead, and exits 3", async () => {
    const dead = { world: healthy, disturb: silence("us-east-1") };
    const { code, stdout } = await asked([], dead);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^us-east-1 {2}rds could not be listed: /m);
    expect(stdout).toMatch(/^orders +Aurora PostgreSQL us-east-1 unknown +\? +\d+h( \d+m)?$/m);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "0 unprotected, 1 unknown: us-east-1 could not be listed",
    );
    expect(stdout).not.toContain("no cluster of an engine");
    // What failed is no recovery point, of which somebody could be told.
    const failed = copiesOf([recent(2)]).map((one) => ({ ...one, status: "failed" }));
    const snapshots = [...(healthy.snapshots ?? []), ...failed];
    const { unseen, well } = await documentFrom({ ...dead, world: { ...healthy, snapshots } });
    expect(unseen).toMatchObject([
      { cluster: "orders", region: "us-east-1", places: [{ region: "eu-west-1", kind: "copy", points: 2 }] },
    ]);
    expect(well).toBe(false);
    const bare = await asked([], { ...dead, world: { clusters: [orders] } });
    expect([bare.code, bare.stdout.replaceAll(/\s+/g, " ")]).toEqual([
      3,
      expect.stringContaining("no cluster and no recovery point; nobody can say what there is in us-east-1"),
    ]);
  });

  it("tells an age that nobody knows from a copy that is not there", async () => {
    const { stdout } = await asked([], { world: healthy, disturb: silence("eu-west-1") });
    expect(stdout).toMatch(/^orders +Aurora PostgreSQL us-east-1 at risk +\d+h( \d+m)? +\? +1$/m);
  });

  it("does not say that nothing is backed up where only one family could not be listed", async () => {
    const deaf = (simulator: Simulator) =>
      void simulator.faults.add({ service: "redshift", times: 1000, kind: denied });
    const { code, stdout } = await asked([], { world: healthy, disturb: deaf });
    expect([code, stdout]).toEqual([3, expect.not.stringContaining("nothing is backed up")]);
    expect(stdout).toMatch(/^orders .* protected /m);
  });

  it("calls no cluster gone where only clusters could not be listed", async () => {
    const operation = "DescribeDBClusters";
    const deaf = (simulator: Simulator) =>
      void simulator.faults.add({ operation, region: "us-east-1", times: 1000, kind: denied });
    const { gone, unlisted } = await documentFrom({ world: healthy, disturb: deaf });
    expect([gone, unlisted.map(({ region, family }) => `${family} ${region}`)]).toEqual([
      [],
      ["rds us-east-1"],
    ]);
    const { gone: indeed } = await documentFrom({ world: { ...healthy, clusters: [] } });
    expect(indeed.map(({ cluster }) => cluster)).toContain("orders");
  });

  it("is not well, though every cluster that is seen is protected", async () => {
    const spain = clusterOf("catalog", { region: "eu-west-1", tags: {} });
    const world = { ...healthy, clusters: [orders, spain], snapshots: healthy.snapshots ?? [] };
    const deaf = (simulator: Simulator) =>
      void simulator.faults.add({
        ...{ service: "redshift", region: "eu-west-1", times: 1000, kind: denied },
      });
    const document = await documentFrom({ world, disturb: deaf });
    expect(verdictsIn(document)).toEqual({ orders: "protected", catalog: "unprotected" });
    expect([document.well, document.unlisted.length]).toEqual([false, 1]);
  });
});

describe("an account with nothing in it", () => {
  it("says so in a sentence, and is well", async () => {
    const { code, stdout } = await asked([], { world: {} });
    expect(stdout).toBe(
      "holdfast/test: no cluster of an engine that Holdfast knows in us-east-1,\neu-west-1\n",
    );
    expect(code).toBe(0);
  });
});

describe("help", () => {
  it("has an example for a gate", async () => {
    const { stdout } = await holdfast(["status", "--help"]);
    expect(stdout).toContain("holdfast status --strict --json");
  });

  it("is pointed to by a mistake, which exits 2", async () => {
    const { code, stderr } = await holdfast(["status", "--stict"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("unknown option '--stict'")]);
  });
});
