import { describe, expect, it } from "vitest";
import { tellInWords } from "../../cli/aws-words.ts";
import { makeLedger } from "../../cli/ledger.ts";
import { pruneDocument } from "../../cli/prune-document.ts";
import type { FaultRule } from "../../simulator/faults.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { clusterOf, denied, writesIn } from "../steps/points.ts";
import { at, copyOf, type Ended, holdfast, plansFile } from "./command.ts";
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

const generous = plansFile(
  `regions: [us-east-1, us-west-2, eu-west-1]\nplans:\n${planIn("west", "us-west-2")}${planIn("daily", "us-east-1")}`.replaceAll(
    "keep-daily: 3",
    "keep-daily: 9",
  ),
);

const threePlans = plansFile(
  `regions: [us-east-1, us-west-2, eu-west-1]\nplans:\n${planIn("west", "us-west-2")}${planIn("weekly", "us-west-2")}${planIn("daily", "us-east-1")}`,
);

const withDead = async (
  region: string,
  work: (run: (...words: string[]) => Promise<Ended>, simulator: Simulator) => Promise<void>,
  { config = plans, kind = "unavailable" as FaultRule["kind"] } = {},
): Promise<void> => {
  const clusters = [clusterOf("orders"), clusterOf("carts", { region: "us-west-2" })];
  const snapshots = [...recents(6, { keep: { daily: 3 } })];
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), clusters, snapshots } });
  simulator.faults.add({ region, times: 100_000, kind });
  try {
    await work(
      (...words) => holdfast([...words, "--config", config, "--stage", "test"], at(simulator.endpoint)),
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
  // Both of the region's control planes are asked at once.
  const unseen = /us-west-2: nothing of plan west could be judged: (rds|redshift) Describe\w+ in us-west-2: /;

  it("plan shows the others, names what was not seen, and exits 3", { timeout: 120_000 }, async () => {
    await withDead("us-west-2", async (run) => {
      const { code, stdout } = await run("plan");
      expect(stdout).toMatch(/^plan daily, the run of/m);
      expect(stdout).toMatch(/^orders .* take /m);
      expect(stdout).toContain("nothing of it could be foretold");
      expect(stdout.replaceAll(/\s+/g, " ")).toMatch(unseen);
      expect(code).toBe(3);
      const named = await run("plan", "west");
      expect([named.code, named.stdout, named.stderr]).toEqual([
        ...[1, "", expect.stringMatching(/^holdfast: (rds|redshift) Describe\w+ in us-west-2: /)],
      ]);
      const gate = await run("plan", "--against", copyOf(plans));
      expect(gate.code).toBe(3);
      expect(gate.stdout).not.toMatch(/^[+-] plan/m);
    });
  });

  it("prune goes on with the others, and deletes nothing of what was not seen", {
    timeout: 120_000,
  }, async () => {
    await withDead("us-west-2", async (run, simulator) => {
      const { code, stdout } = await run("prune");
      expect(stdout).toMatch(/^orders in us-east-1: 3 kept, 3 to remove$/m);
      expect(stdout.replaceAll(/\s+/g, " ")).toMatch(unseen);
      expect(code).toBe(3);
      expect(writesIn(simulator)).toEqual([]);
      const applied = await run("prune", "--apply");
      expect([applied.code, applied.stdout]).toEqual([3, expect.stringContaining("removed 3 of 3")]);
      const named = await run("prune", "west", "--apply");
      expect([named.code, named.stderr]).toEqual([1, expect.stringContaining("in us-west-2: ")]);
    });
  });

  it("prune shows the others also where nothing of them goes", { timeout: 60_000 }, async () => {
    const work = async (run: (...words: string[]) => Promise<Ended>): Promise<void> => {
      const { code, stdout } = await run("prune");
      expect(stdout).toMatch(/^orders in us-east-1: 6 kept, 0 to remove$/m);
      expect(stdout.replaceAll(/\s+/g, " ")).toMatch(unseen);
      expect(code).toBe(3);
    };
    await withDead("us-west-2", work, { config: generous });
  });

  it("prune does the same where the region is refused to it", { timeout: 60_000 }, async () => {
    const work = async (run: (...words: string[]) => Promise<Ended>, simulator: Simulator): Promise<void> => {
      const { code, stdout } = await run("prune", "--apply");
      const words = stdout.replaceAll(/\s+/g, " ");
      expect(words).toMatch(
        /us-west-2: nothing of plan west could be judged: .* AccessDenied: no; check the/,
      );
      expect(words).toContain("a region could not be listed, so Sweep removed nothing of this kind anywhere");
      expect([code, stdout]).toEqual([3, expect.stringContaining("removed 3 of 3")]);
      expect(writesIn(simulator).filter((one) => one.startsWith("Delete"))).toHaveLength(3);
    };
    await withDead("us-west-2", work, { kind: denied });
  });

  it("a gate names each plan of the region, once", { timeout: 60_000 }, async () => {
    const work = async (run: (...words: string[]) => Promise<Ended>): Promise<void> => {
      const { code, stdout } = await run("plan", "--against", copyOf(threePlans));
      const words = stdout.replaceAll(/\s+/g, " ");
      for (const name of ["west", "weekly"])
        expect(words.split(`us-west-2: nothing of plan ${name} could be judged`)).toHaveLength(2);
      expect(code).toBe(3);
    };
    await withDead("us-west-2", work, { config: threePlans, kind: denied });
  });

  it("prune names each plan of the region", { timeout: 60_000 }, async () => {
    const work = async (run: (...words: string[]) => Promise<Ended>): Promise<void> => {
      const words = (await run("prune")).stdout.replaceAll(/\s+/g, " ");
      for (const name of ["west", "weekly"])
        expect(words).toContain(`us-west-2: nothing of plan ${name} could be judged`);
      // One for each family, told once.
      expect(words.split("Sweep removed nothing")).toHaveLength(2);
    };
    await withDead("us-west-2", work, { config: threePlans, kind: denied });
  });
});

describe("where AWS stops answering in the midst of a prune", () => {
  const pruneUntil = async (
    last: number,
    words: readonly string[] = [],
    { times = 999, refused = 0 } = {},
  ): Promise<Ended> => {
    const orphans = recents(6, { of: "gone", keep: { last: 2 } });
    const snapshots = [...recents(6, { keep: { daily: 3 } }), ...orphans];
    const fleet = { now: new Date().toISOString(), clusters: [clusterOf("orders")], snapshots };
    const simulator = await startSimulator({ fleet });
    const kind = { code: "InvalidDBClusterSnapshotStateFault", status: 400, message: "not now" };
    simulator.faults.add({ operation: "DeleteDBClusterSnapshot", times: refused, kind });
    let deletions = 0;
    simulator.calls.subscribe(({ operation }) => {
      if (operation !== "DeleteDBClusterSnapshot") return;
      deletions += 1;
      if (deletions === last) simulator.faults.add({ operation, times, kind: "internal" });
    });
    try {
      const options = ["--apply", "--config", plans, "--stage", "test"];
      return await holdfast(["prune", ...words, ...options], at(simulator.endpoint));
    } finally {
      await simulator.close();
    }
  };

  it("it tells what it has deleted, and of which plan not all was judged", { timeout: 60_000 }, async () => {
    const { code, stdout } = await pruneUntil(1, ["daily"]);
    expect(stdout).toContain("removed 1 of 3");
    expect(stdout.match(/^ {2}(removed|refused) /gm)?.toSorted()).toEqual([
      ...["  refused ", "  refused ", "  removed "],
    ]);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "us-east-1: not all of plan daily could be judged: rds DeleteDBClusterSnapshot in us-east-1: ",
    );
    expect(code).toBe(3);
  });

  it("it goes on as soon as AWS answers again, and keeps what was refused before", {
    timeout: 60_000,
  }, async () => {
    // One is refused, one is deleted, and all attempts at the third are in vain, twice: the next call deletes two.
    const { code, stdout } = await pruneUntil(2, ["daily"], { refused: 1, times: 8 });
    expect(stdout).toContain("removed 3 of 3");
    expect(stdout).toMatch(/^\d {2}orders \(us-east-1\): AWS refused to delete a snapshot of ours: rds$/m);
    expect(code).toBe(3);
  });

  it("it tells what the plans have deleted where it is the sweep", { timeout: 60_000 }, async () => {
    const { code, stdout } = await pruneUntil(3);
    expect(stdout).toMatch(/removed 3 of [4-9]/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "us-east-1: not all that no plan means could be judged: rds DeleteDBClusterSnapshot in us-east-1: ",
    );
    expect(code).toBe(3);
  });
});

describe("where a region is dead that the plan does not look in", () => {
  it("plan shows its run whole, names the region, and exits 3", { timeout: 60_000 }, async () => {
    await withDead("us-west-2", async (run) => {
      const { code, stdout } = await run("plan", "daily");
      expect(stdout).toMatch(/^orders .* take /m);
      expect(stdout).toContain("us-west-2");
      expect(code).toBe(3);
    });
  });
});

describe("AWS's words", () => {
  it("on a copy are those of its own cluster, however alike the names, and KMS's where a key is denied", () => {
    const ledger = makeLedger();
    const [region, time] = ["us-east-1", "20261120t030000z"];
    const rowOf = (cluster: string, snapshot: string) => {
      const row = {
        cluster,
        arn: "",
        region,
        snapshot,
        status: "available",
        copies: [],
        coverage: [],
      } as const;
      ledger.write({ kind: "report.row", row: { ...row, problems: [] } });
      ledger.write({ kind: "copy.refused", region: "eu-west-1", source: snapshot, error: `no ${cluster}` });
    };
    rowOf("orders", `holdfast-daily-orders-aaaaaaaa-${time}`);
    rowOf("shop-orders", `holdfast-daily-shop-orders-bbbbbbbb-${time}-2`);
    rowOf("customer-relations-east", `holdfast-daily-customer-relations-cccccccc-${time}`);
    ledger.write({ kind: "copy.refused", region: "eu-west-1", source: "*", error: "kms says no" });
    const told = (cluster: string, code: "refused" | "denied") =>
      tellInWords(ledger)({ cluster, region, code }).sentence;
    expect(told("orders", "refused")).toBe("AWS refused the request: no orders");
    expect(told("shop-orders", "refused")).toBe("AWS refused the request: no shop-orders");
    expect(told("customer-relations-east", "denied")).toBe(
      "AWS refused the permission: no customer-relations-east; kms says no",
    );
  });

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
    expect(tell({ cluster: "orders", region, code: "undeletable" }).sentence).toMatch(/; delete it by hand$/);
    expect(tell({ cluster: "orders", region, code: "stopped" }).sentence).toMatch(/^the cluster is stopped/);
    const problems = [{ cluster: "orders", region, code: "denied" }] as const;
    expect(pruneDocument(ledger, { applied: false, problems }).problems[0]?.sentence).not.toContain("role");
  });
});
