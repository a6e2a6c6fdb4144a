import { describe, expect, it } from "vitest";
import { tellInWords } from "../../cli/aws-words.ts";
import { makeLedger } from "../../cli/ledger.ts";
import { pruneDocument } from "../../cli/prune-document.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { clusterOf, writesIn } from "../steps/points.ts";
import { at, type Ended, holdfast, plansFile } from "./command.ts";
import { recents } from "./recent.ts";

/** What `plan` and `prune` say where a region is dead. */

const planIn = (name: string, region: string): string => `  ${name}:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [${region}] }
    retention: { keep-daily: 3 }
    copies: [{ region: eu-west-1, kms-key: none }]
`;
const plans = plansFile(
  `regions: [us-east-1, us-west-2, eu-west-1]\nplans:\n${planIn("west", "us-west-2")}${planIn("daily", "us-east-1")}`,
);

const withDead = async (
  region: string,
  work: (run: (...words: string[]) => Promise<Ended>, simulator: Simulator) => Promise<void>,
): Promise<void> => {
  const clusters = [clusterOf("orders"), clusterOf("carts", { region: "us-west-2" })];
  const snapshots = [...recents(6, { keep: { daily: 3 } })];
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), clusters, snapshots } });
  simulator.faults.add({ region, times: 100_000, kind: "unavailable" });
  try {
    await work(
      (...words) => holdfast([...words, "--config", plans, "--stage", "test"], at(simulator.endpoint)),
      simulator,
    );
  } finally {
    await simulator.close();
  }
};

describe("where a copy region is dead", () => {
  it("plan names that as the cause, with AWS's words, and no log", { timeout: 60_000 }, async () => {
    await withDead("eu-west-1", async (run) => {
      const { code, stdout } = await run("plan", "daily");
      const words = stdout.replaceAll(/\s+/g, " ");
      expect(code).toBe(3);
      expect(words).toContain("1 orders (us-east-1): a copy region could not be listed, and nobody can say");
      expect(words).toContain("eu-west-1: the region could not be listed: rds Describe");
      expect(words).toContain("judge none, for want of what could not be listed");
      expect(words).not.toMatch(/cut off|see the log|keep 0/);
    });
  });
});

describe("where one plan's source region is dead", () => {
  it("plan shows the others, names what was not seen, and exits 3", { timeout: 60_000 }, async () => {
    await withDead("us-west-2", async (run) => {
      const { code, stdout } = await run("plan");
      expect(stdout).toMatch(/^plan daily, the run of/m);
      expect(stdout).toMatch(/^orders .* take /m);
      expect(stdout).toContain("nothing of it could be foretold");
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(
        "us-west-2: nothing of plan west could be judged: rds DescribeDBClusters in us-west-2: ",
      );
      expect(code).toBe(3);
      const gate = await run("plan", "--against", plans);
      expect(gate.code).toBe(3);
      expect(gate.stdout).not.toMatch(/^[+-] plan/m);
    });
  });

  it("prune goes on with the others, and deletes nothing of what was not seen", {
    timeout: 60_000,
  }, async () => {
    await withDead("us-west-2", async (run, simulator) => {
      const { code, stdout } = await run("prune");
      expect(stdout).toMatch(/^orders in us-east-1: 3 kept, 3 to remove$/m);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(
        "us-west-2: nothing of plan west could be judged: rds DescribeDBClusters in us-west-2: ",
      );
      expect(code).toBe(3);
      expect(writesIn(simulator)).toEqual([]);
      const applied = await run("prune", "--apply");
      expect([applied.code, applied.stdout]).toEqual([3, expect.stringContaining("removed 3 of 3")]);
      const named = await run("prune", "west", "--apply");
      expect([named.code, named.stderr]).toEqual([1, expect.stringContaining("in us-west-2: ")]);
    });
  });
});

describe("AWS's words", () => {
  it("stand where a function's log would be pointed to", () => {
    const ledger = makeLedger();
    const [region, error] = ["us-east-1", "rds CreateDBClusterSnapshot: InvalidParameter: no such thing."];
    ledger.write({ kind: "snapshot.refused", region, cluster: "orders", error });
    const tell = tellInWords(ledger);
    expect(tell({ cluster: "orders", region, code: "refused" }).sentence).toBe(
      "AWS refused the request: rds CreateDBClusterSnapshot: InvalidParameter: no such thing",
    );
    expect(tell({ cluster: "carts", region, code: "untold" }).sentence).toBe(
      "EventBridge did not take the events of this run",
    );
    expect(tell({ cluster: "orders", region, code: "stopped" }).sentence).toMatch(/^the cluster is stopped/);
    const problems = [{ cluster: "orders", region, code: "denied" }] as const;
    expect(pruneDocument(ledger, { applied: false, problems }).problems[0]?.sentence).not.toContain("role");
  });
});
