import { describe, expect, it } from "vitest";
import { makeLedger } from "../../cli/ledger.ts";
import type { ResultDocument } from "../../cli/result-document.ts";
import { virtualTime } from "../../cli/virtual-time.ts";
import { inProcess, runWorkflow } from "../../cli/workflow.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { log } from "../../lib/runtime/log.ts";
import { makeRuntime, type RuntimeOptions } from "../../lib/runtime/runtime.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { cluster, home, plainPlan } from "../night.ts";
import { at, type Ended, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";

/** A deployed state machine in a simulated account: its executions are the real workflow, in this process. */
const withDeployment = async (
  fleet: Fleet,
  work: (simulator: Simulator, backup: (...words: string[]) => Promise<Ended>) => Promise<void>,
  limits: Pick<RuntimeOptions, "payloadBytesMax"> = {},
): Promise<void> => {
  const keys = [{ region: "eu-west-1", alias: "alias/backup" }];
  const stateMachines = [{ region: home, name: "holdfast-test-backup" }];
  const running: Promise<unknown>[] = [];
  log.setLogLevel("SILENT");
  const simulator: Simulator = await startSimulator({
    fleet: { now: new Date().toISOString(), keys, stateMachines, ...fleet },
    runExecution: ({ input }) => {
      const run = execute(input);
      running.push(run);
      return run;
    },
  });
  const execute = async (input: string) => {
    const ledger = makeLedger();
    const runtime = makeRuntime({
      ...{ service: "holdfast/test", home, journal: ledger.write, ...limits },
      config: parseConfig(plainPlan, { path: "holdfast.yml", home }),
      clock: () => simulator.clock.now().getTime(),
      clients: {
        endpoint: simulator.endpoint,
        credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      },
    });
    const time = virtualTime(simulator.clock);
    const {
      status,
      output,
      error = "",
      cause = "",
    } = await runWorkflow({
      request: JSON.parse(input),
      time,
      ...inProcess(runtime),
    });
    const summary = ledger.of("run.ended").at(-1)?.summary;
    const report = summary && JSON.stringify(summary);
    return status === "SUCCEEDED" ? { output: JSON.stringify(output), report } : { error, cause, report };
  };
  const plans = plansFile(plainPlan);
  try {
    await work(simulator, (...words) =>
      holdfast(["backup", ...words, "--config", plans, "--stage", "test"], at(simulator.endpoint)),
    );
  } finally {
    // Nobody waited for some of them.
    await Promise.allSettled(running);
    await simulator.close();
  }
};

const started = (simulator: Simulator) => [...simulator.world.store(home).executions.values()];

describe("holdfast backup", () => {
  it("starts the deployed machine, follows it and ends with the table", { timeout: 60_000 }, async () => {
    await withDeployment(
      { clusters: [cluster("orders"), cluster("docs", { engine: "docdb" })] },
      async (simulator, backup) => {
        const { code, stdout, stderr } = await backup(
          "daily",
          "--reason",
          "before the migration",
          "--keep",
          "30d",
        );
        expect(stderr).toMatch(
          /^started arn:aws:states:us-east-1:123456789012:execution:holdfast-test-backup:/,
        );
        expect(stdout).toMatch(/^orders +Aurora PostgreSQL us-east-1 available available -$/m);
        expect(stdout).toMatch(/^2 of 2 snapshots, 2 copies, 0 pruned, problems: 0$/m);
        expect(code).toBe(0);
        const [execution] = started(simulator);
        const input = JSON.parse(String(execution?.input)) as { at: string; until: string };
        expect(input).toMatchObject({ plan: "daily", reason: "before the migration" });
        expect(Date.parse(input.until) - Date.parse(input.at)).toBe(30 * 86_400_000);
        const [snapshot] = simulator.world.store(home).clusterSnapshots.values();
        expect(snapshot?.tags.get("holdfast:until")).toBe(input.until);
      },
    );
  });

  it("takes the words for what went wrong from the run's own report, and exits with 3", {
    timeout: 60_000,
  }, async () => {
    const clusters = [cluster("orders"), cluster("idle", { status: "stopped" })];
    await withDeployment({ clusters }, async (_, backup) => {
      const { code, stdout } = await backup("--json");
      const document = documentOf<ResultDocument>("backup", stdout);
      expect([code, document.outcome, document.execution.error]).toEqual([3, "incomplete", "Incomplete"]);
      expect(document.problems.map(({ cluster: id, code: word }) => [id, word])).toEqual([
        ["idle", "stopped"],
      ]);
      expect(document.clusters.map(({ cluster: id, status }) => [id, status])).toEqual([
        ["idle", "absent"],
        ["orders", "available"],
      ]);
    });
  });

  it("exits with 1 where the execution failed, whatever AWS has", { timeout: 60_000 }, async () => {
    await withDeployment({ clusters: [cluster("orders")] }, async (_, backup) => {
      const { code, stdout } = await backup("daily", "--cluster", "", "--json");
      const { execution } = documentOf<ResultDocument>("backup", stdout);
      expect([code, execution.status, execution.error]).toEqual([1, "FAILED", "InvalidEventError"]);
      expect(execution.cause).toContain("clusters");
    });
  });

  it("shows a run in parts as one table, with one line of totals", { timeout: 60_000 }, async () => {
    const clusters = [
      ...Array.from({ length: 63 }, (_, index) => cluster(`c${index}`)),
      cluster("idle", { status: "stopped" }),
    ];
    const settings = { copiesPerDestination: 100 };
    await withDeployment(
      { clusters, settings },
      async (simulator, backup) => {
        const { code, stdout } = await backup("--json");
        const document = documentOf<ResultDocument>("backup", stdout);
        expect([code, document.outcome, document.execution.error]).toEqual([3, "incomplete", "Incomplete"]);
        expect(document.totals).toMatchObject({ clusters: 64, snapshots: 63, copies: 63, problems: 1 });
        expect(document.clusters.map(({ cluster: id }) => id).toSorted()).toEqual(
          clusters.map(({ id }) => id).toSorted(),
        );
        expect(document.problems.map(({ cluster: id, code: word }) => [id, word])).toEqual([
          ["idle", "stopped"],
        ]);
        expect(started(simulator)).toHaveLength(1);
      },
      { payloadBytesMax: 11_000 },
    );
  });

  it("takes some clusters only, and does not wait where it is told so", { timeout: 60_000 }, async () => {
    const clusters = [cluster("orders"), cluster("docs", { engine: "docdb" })];
    await withDeployment({ clusters }, async (simulator, backup) => {
      const { code, stdout, stderr } = await backup("daily", "--no-wait", "--cluster", "docs");
      expect([code, stderr]).toEqual([0, ""]);
      const [execution] = started(simulator);
      expect(stdout).toBe(`${execution?.arn}\n`);
      expect(JSON.parse(String(execution?.input))).toMatchObject({ clusters: ["docs"] });
    });
  });

  it("says what to do where nothing is deployed", async () => {
    await withDeployment({ stateMachines: [] }, async (_, backup) => {
      const { code, stderr } = await backup("daily");
      expect(stderr).toMatch(
        /^holdfast: there is no state machine arn:.*:holdfast-test-backup; deploy it \(docs\/deploy\.md\), name its --stage and --region, or add --local\n$/,
      );
      expect(code).toBe(2);
    });
  });

  it("asks which plan is meant where there are several", async () => {
    const two = plansFile(
      `${plainPlan}  weekly:\n    schedule: rate(7 days)\n    select: { tags: {} }\n    retention: {}\n`,
    );
    const { code, stderr } = await holdfast(["backup", "--config", two], at("http://127.0.0.1:9"));
    expect([code, stderr]).toEqual([2, "holdfast: name the plan to back up; there are daily, weekly\n"]);
  });
});
