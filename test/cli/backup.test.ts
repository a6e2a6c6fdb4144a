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
import type { ExecutionEnd } from "../../simulator/states-records.ts";
import { cluster, home, plainPlan } from "../night.ts";
import { clusterOf } from "../steps/points.ts";
import { at, type Ended, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";
import { recents } from "./recent.ts";

/** A deployed state machine in a simulated account: its executions are the real workflow, in this process. */
const withDeployment = async (
  fleet: Fleet,
  work: (simulator: Simulator, backup: (...words: string[]) => Promise<Ended>) => Promise<void>,
  { idle = false, ...limits }: Pick<RuntimeOptions, "payloadBytesMax"> & { readonly idle?: boolean } = {},
): Promise<void> => {
  const keys = [{ region: "eu-west-1", alias: "alias/backup" }];
  const stateMachines = [{ region: home, name: "holdfast-test-backup" }];
  const running: Promise<unknown>[] = [];
  log.setLogLevel("SILENT");
  const simulator: Simulator = await startSimulator({
    fleet: { now: new Date().toISOString(), keys, stateMachines, ...fleet },
    ...(!idle && {
      runExecution: ({ input }) => {
        const run = execute(input);
        running.push(run);
        return run;
      },
    }),
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

/** The same with executions that do nothing, and have ended as soon as somebody asks. */
const withEnded = (
  clusters: Fleet["clusters"],
  end: ExecutionEnd,
  work: (simulator: Simulator, backup: (...words: string[]) => Promise<Ended>) => Promise<void>,
): Promise<void> =>
  withDeployment(
    { clusters },
    async (simulator, backup) => {
      simulator.calls.subscribe(() => {
        for (const execution of started(simulator)) execution.end = end;
      });
      await work(simulator, backup);
    },
    { idle: true },
  );

const succeeded: ExecutionEnd = { status: "SUCCEEDED", at: new Date(), output: "{}" };
const aborted: ExecutionEnd = { status: "ABORTED", at: new Date(), error: undefined, cause: undefined };

const denied = { code: "AccessDeniedException", status: 400, message: "not you" };
const unknown = { code: "ExecutionDoesNotExist", status: 400, message: "Execution Does Not Exist" };

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

  it("shows how many points the schedule's run pruned, of which the table does not know whose", {
    timeout: 120_000,
  }, async () => {
    const snapshots = [...recents(9, { keep: { daily: 3 } })];
    const fleet = { clusters: [clusterOf("orders"), cluster("docs")], snapshots };
    await withDeployment(fleet, async (simulator, backup) => {
      const words = ["daily", "--at", new Date().toISOString()];
      const { stdout } = await backup(...words);
      const deleted = simulator.calls.entries.filter(
        ({ operation }) => operation === "DeleteDBClusterSnapshot",
      );
      expect(deleted.length).toBeGreaterThan(0);
      expect(stdout).toMatch(/^orders .* \?$/m);
      expect(stdout).toMatch(new RegExp(`^2 of 2 snapshots, .*, ${deleted.length} pruned,`, "m"));
      simulator.faults.add({ operation: "GetExecutionHistory", times: 1000, kind: denied });
      const { totals, clusters } = documentOf<ResultDocument>(
        "backup",
        (await backup(...words, "--json")).stdout,
      );
      expect([totals?.pruned, ...clusters.map(({ pruned }) => pruned)]).toEqual([null, null, null]);
    });
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
    // As of a plan that is in the file at hand, and not yet in what is deployed.
    const cause = 'there is no plan "daily" in holdfast.yml';
    const failed: ExecutionEnd = { status: "FAILED", at: new Date(), error: "UnknownPlanError", cause };
    await withEnded([cluster("orders")], failed, async (_, backup) => {
      const { code, stdout } = await backup("daily", "--json");
      const { execution } = documentOf<ResultDocument>("backup", stdout);
      expect([code, execution.status, execution.error]).toEqual([1, "FAILED", "UnknownPlanError"]);
      expect(execution.cause).toBe(cause);
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

  it("asks for what it was told to, and for no more", { timeout: 60_000 }, async () => {
    await withDeployment({}, async (simulator, backup) => {
      const inputOf = async (...words: string[]): Promise<unknown> => {
        const { stdout } = await backup("daily", "--no-wait", "--json", ...words);
        const { execution } = documentOf<{ readonly execution: string }>("backup", stdout);
        return JSON.parse(String(started(simulator).find(({ arn }) => arn === execution)?.input));
      };
      // A run of the schedule's time is the schedule's own; any other is somebody's, and has a reason.
      const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
      const at = `${day}T03:00:00Z`;
      const keep = ["--at", `${day}T04:00:00.500+01:00`, "--keep"];
      expect(await inputOf("--at", at)).toEqual({ plan: "daily", at });
      expect(await inputOf()).toEqual({ plan: "daily", at: expect.any(String), reason: "on demand" });
      expect(await inputOf("--hold", "audit", "--reason", "tax")).toMatchObject({
        reason: "tax",
        hold: "audit",
      });
      const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
      // The calendar's day: of a month without it, so many days into the next.
      const until = new Date(Date.UTC(year + 1, month, date)).getTime() + 32 * 3_600_000;
      expect(await inputOf(...keep, "1y1m1d5h")).toEqual({
        plan: "daily",
        at,
        until: new Date(until).toISOString().replace(".000", ""),
      });
    });
  });

  it("starts the machine of the home region that is asked for", { timeout: 60_000 }, async () => {
    const west = "us-west-2";
    const stateMachines = [home, west].map((region) => ({ region, name: "holdfast-test-backup" }));
    await withDeployment({ stateMachines }, async (simulator, backup) => {
      const { stdout } = await backup("daily", "--no-wait", "--region", west);
      const [execution] = simulator.world.store(west).executions.values();
      expect([stdout, started(simulator)]).toEqual([`${execution?.arn}\n`, []]);
    });
  });

  it("ends with 1 where somebody stops the run, and says that", { timeout: 60_000 }, async () => {
    await withEnded([cluster("orders")], aborted, async (_, backup) => {
      const { code, stdout } = await backup("daily", "--json");
      const { execution } = documentOf<ResultDocument>("backup", stdout);
      expect([code, execution.status, execution.error]).toEqual([1, "FAILED", "ABORTED"]);
      expect(execution.cause).toBe("the execution ended as ABORTED");
    });
  });

  it.each<[string, ExecutionEnd, RegExp]>([
    ["stops the run", aborted, /^ABORTED: the execution ended as ABORTED$/m],
    [
      "deploys no such plan",
      { ...aborted, status: "FAILED", error: "UnknownPlanError", cause: 'there is no plan "daily"' },
      /^UnknownPlanError: there is no plan "daily"$/m,
    ],
    [
      "takes a permission away",
      {
        ...{ ...aborted, status: "FAILED", error: "DeniedError" },
        cause: JSON.stringify({ errorType: "DeniedError", errorMessage: "not you", trace: ["at x"] }),
      },
      /^DeniedError: not you$/m,
    ],
  ])(
    "says in the table why the run failed where somebody %s, beside what is missing",
    {
      timeout: 60_000,
    },
    async (_, end, why) => {
      await withEnded([cluster("orders")], end, async (_simulator, backup) => {
        const { code, stdout } = await backup("daily");
        expect(stdout).toMatch(/^1 {2}orders \(us-east-1\): the work was cut off/m);
        expect(stdout).toMatch(why);
        expect(stdout).toMatch(/^run daily-\S+: failed$/m);
        expect(code).toBe(1);
      });
    },
  );

  it("says nothing of the execution where the run's own report called it incomplete", {
    timeout: 60_000,
  }, async () => {
    const incomplete = {
      ...aborted,
      status: "FAILED",
      error: "Incomplete",
      cause: "see the report",
    } as const;
    await withEnded([cluster("orders")], incomplete, async (_, backup) => {
      const { code, stdout } = await backup("daily");
      expect(stdout).toMatch(/^run daily-\S+: incomplete$/m);
      expect([code, stdout.includes("see the report")]).toEqual([3, false]);
    });
  });

  it("shows the whole of a fleet that a run would do in parts", { timeout: 60_000 }, async () => {
    const clusters = Array.from({ length: 1500 }, (_, index) => cluster(`c${index}`));
    await withEnded(clusters, succeeded, async (_, backup) => {
      const { code, stdout } = await backup("daily", "--json");
      const { clusters: rows, outcome } = documentOf<ResultDocument>("backup", stdout);
      expect([code, outcome, rows.length]).toEqual([3, "incomplete", 1500]);
    });
  });

  it("is well no more where a region is silent by then, which it says", { timeout: 60_000 }, async () => {
    await withEnded([cluster("orders")], succeeded, async (simulator, backup) => {
      simulator.faults.add({ region: home, service: "rds", times: 1000, kind: "unavailable" });
      const { code, stdout } = await backup("daily", "--json");
      const { run, problems } = documentOf<ResultDocument>("backup", stdout);
      expect([code, problems.map(({ region, code: word }) => [region, word])]).toEqual([
        ...[3, [[home, "unlisted"]]],
      ]);
      expect(run).toMatch(/^daily-/);
    });
  });

  it("tells AWS's words where the start is refused", async () => {
    await withDeployment({}, async (simulator, backup) => {
      simulator.faults.add({ operation: "StartExecution", times: 1000, kind: denied });
      const { code, stderr } = await backup("daily");
      expect([code, stderr]).toEqual([
        ...[1, expect.stringMatching(/^holdfast: states StartExecution in us-east-1: AccessDenied.*not you/)],
      ]);
    });
  });

  it.each([
    ["cannot be reached for a while", "DescribeExecution", 4, "reset-before"],
    ["knows nothing of the execution yet", "DescribeExecution", 2, unknown],
    ["refuses the history of a run that is well", "GetExecutionHistory", 1000, denied],
  ] as const)("ends well where AWS %s", { timeout: 60_000 }, async (_, operation, times, kind) => {
    await withDeployment({ clusters: [cluster("orders")] }, async (simulator, backup) => {
      simulator.faults.add({ operation, times, kind });
      const { code, stdout, stderr } = await backup("daily");
      expect(stdout).toMatch(/^run daily-\S+: complete$/m);
      expect([
        code,
        stderr.includes("the run's own report cannot be read: states GetExecutionHistory in"),
      ]).toEqual([0, kind === denied]);
    });
  });

  it("ends with 3 where it may look no longer, and says where the run is seen", {
    timeout: 60_000,
  }, async () => {
    const config = plansFile(
      "[profile prod]\naws_access_key_id = simulator\naws_secret_access_key = simulator\n",
    );
    await withDeployment({ clusters: [cluster("orders")] }, async (simulator) => {
      const expired = { code: "ExpiredTokenException", status: 400, message: "expired" };
      simulator.faults.add({ operation: "DescribeExecution", times: 1000, kind: expired });
      const words = ["backup", "--config", plansFile(plainPlan), "--stage", "test", "--profile", "prod"];
      const { AWS_ENDPOINT_URL, AWS_REGION } = at(simulator.endpoint);
      const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: "none" };
      const { code, stdout, stderr } = await holdfast([...words, "--json"], {
        AWS_ENDPOINT_URL,
        AWS_REGION,
        ...files,
      });
      const { execution } = documentOf<{ readonly execution: string }>("backup", stdout);
      expect(started(simulator).map(({ arn }) => arn)).toEqual([execution]);
      const [, why, left] = stderr.trimEnd().split("\n");
      expect(why).toMatch(
        /^holdfast: the run cannot be followed any more: states DescribeExecution in us-east-1: ExpiredTokenExc.*: expired/,
      );
      expect(left).toBe(
        `left; the run goes on: aws stepfunctions describe-execution --region us-east-1 --profile prod --execution-arn ${execution}`,
      );
      expect(code).toBe(3);
    });
  });

  it("says what to do where nothing is deployed", async () => {
    await withDeployment({ stateMachines: [] }, async (simulator, backup) => {
      const { code, stderr } = await backup("daily");
      expect(stderr).toMatch(
        /^holdfast: there is no state machine arn:.*:holdfast-test-backup; deploy it \(docs\/deploy\.md\), name its --stage and --region, or add --local\n$/,
      );
      expect(code).toBe(2);
      const chinese = plansFile(plainPlan.replace(/ {4}copies:.*\n/, "").replace(/ {4}objective:.*\n/, ""));
      const words = ["backup", "daily", "--config", chinese, "--stage", "test", "--region", "cn-north-1"];
      expect((await holdfast(words, at(simulator.endpoint))).stderr).toMatch(
        /^holdfast: there is no state machine arn:aws-cn:states:cn-north-1:123456789012:stateMachine:holdfast-test-backup;/,
      );
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
