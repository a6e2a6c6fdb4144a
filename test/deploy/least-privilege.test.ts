import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FunctionName, functionNames } from "../../deploy/stack.ts";
import type { CallEntry } from "../../simulator/calls.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Permission } from "../../simulator/iam.ts";
import { functionPolicies, isAllowed, type Policy } from "./iam.ts";
import { orphans } from "./orphans.ts";
import { scenarioPackage, templateOf } from "./packaged.ts";
import { type Deployed, daily, withDeployed } from "./scenario.ts";

/**
 * Every question that AWS would put to IAM while the built functions do all that they can do, answered by the
 * packaged roles: nothing that is needed is refused, and nothing is allowed that was not needed.
 */

const clusters = [
  daily("orders"),
  daily("graph", { engine: "neptune", encrypted: true, kmsKey: "alias/clusters" }),
  daily("docs", { engine: "docdb", region: "us-west-2" }),
  daily("warehouse", { engine: "redshift", snapshotCopy: { destination: "eu-west-1" } }),
  // The plan manages their copy settings: one has none, the other would let copies expire.
  daily("lake", { engine: "redshift", encrypted: true }),
  daily("pond", { engine: "redshift", snapshotCopy: { destination: "eu-west-1", manualRetention: 30 } }),
  // Report asks why there is no snapshot of these.
  daily("idle", { status: "stopped" }),
  daily("sleeping", { engine: "redshift", status: "paused" }),
];

const nightsAgo = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
const today = { at: new Date().toISOString() };

/** Nights until everything is pruned everywhere, and what the scheduler calls beside them. */
const everything = async ({ run, sweep, invoke, simulator }: Deployed): Promise<void> => {
  await invoke("recognise", today);
  const nights = [3, 2, 1, 0].map(nightsAgo);
  // The last night's event comes twice: Snapshot then finds its own snapshots, and tells of them again.
  for (const at of [...nights, ...nights.slice(-1)]) await run({ plan: "daily", at });
  simulator.clock.advance(3600);
  await invoke("watch", today);
  expect(await sweep(today.at)).toMatchObject({ status: "SUCCEEDED" });
};

/** The same where answers have no tags in them: they are asked for separately. */
const untagged: Fleet["settings"] = { omitTagList: ["aurora-postgresql", "neptune", "docdb"] };

/** Allowed and not seen by the simulator, or not in these nights: each with its reason. */
const unused: Readonly<Record<string, string>> = {
  "logs:CreateLogStream": "Lambda's runtime writes the log, in the function's name",
  "logs:PutLogEvents": "Lambda's runtime writes the log, in the function's name",
  "xray:PutTraceSegments": "Lambda's runtime sends traces, in the function's name",
  "xray:PutTelemetryRecords": "Lambda's runtime sends traces, in the function's name",
  "redshift:DeleteClusterSnapshot": "AWS does not document whether it asks for it where a batch is deleted",
};

const asked = new Map<FunctionName, Map<string, Permission>>(functionNames.map((name) => [name, new Map()]));
let policies: ReadonlyMap<FunctionName, Policy>;

const note = ({ accessKeyId, permissions }: CallEntry): void => {
  const own = asked.get(accessKeyId as FunctionName);
  for (const permission of permissions) own?.set(JSON.stringify(permission), permission);
};

beforeAll(async () => {
  policies = functionPolicies(templateOf(scenarioPackage()));
  for (const settings of [{}, untagged]) {
    await withDeployed({ clusters, snapshots: [...orphans], settings }, async (deployed) => {
      deployed.simulator.calls.subscribe(note);
      await everything(deployed);
    });
  }
  // Whose place it is, of too few that are left, Discover looks up.
  const settings = { manualClusterSnapshotsMax: 1 };
  await withDeployed({ clusters: [daily("orders"), daily("users")], settings }, async (deployed) => {
    deployed.simulator.calls.subscribe(note);
    await deployed.invoke("discover", { request: { plan: "daily", ...today }, startedAt: today.at });
  });
}, 240_000);

afterAll(() => asked.clear());

const policyOf = (name: FunctionName): Policy => policies.get(name) ?? { Version: "", Statement: [] };

describe.each(functionNames)("the role of %s", (name) => {
  it("allows every call that the function made, with the tags as they were", async () => {
    const questions = [...(asked.get(name)?.values() ?? [])];
    expect(questions.length).toBeGreaterThan(0);
    const refused: Permission[] = [];
    for (const question of questions) {
      if (!(await isAllowed(policyOf(name), question))) refused.push(question);
    }
    expect(refused).toEqual([]);
  });

  it("allows no action that no call needed", () => {
    const used = new Set([...(asked.get(name)?.values() ?? [])].map(({ action }) => action));
    const granted = policyOf(name).Statement.flatMap(({ Action }) => Action);
    expect(granted.filter((action) => !used.has(action) && unused[action] === undefined)).toEqual([]);
  });

  it("names no action by a pattern, and nothing at all by `*` but listings and traces", () => {
    const { Statement } = policyOf(name);
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
    const open = Statement.filter(({ Resource }) => Resource === "*").map(({ Sid }) => Sid);
    expect(open.filter((sid) => sid !== "List" && sid !== "Trace")).toEqual([]);
  });
});
