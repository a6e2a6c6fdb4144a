import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import type { RunExecution } from "../../simulator/states-records.ts";
import { createWire, type Wire } from "./wire.ts";

/** A simulator with something of everything in it, and the wire to it. */
export interface Stage {
  readonly simulator: Simulator;
  readonly wire: Wire;
}

export const home = "us-east-1";
export const away = "eu-west-1";
export const account = "123456789012";
export const stranger = { id: "210987654321", accessKeyId: "stranger", secretAccessKey: "stranger" };

const keyId = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

const fleet = {
  now: "2026-03-01T12:00:00Z",
  accounts: [{ id: account, accessKeyId: "simulator", secretAccessKey: "simulator" }, stranger],
  keys: [
    { region: home, id: keyId("1"), alias: "alias/databases" },
    { region: home, id: keyId("2"), alias: "alias/off", state: "Disabled" },
    { region: home, id: keyId("3"), alias: "alias/going", state: "PendingDeletion" },
    { region: away, id: keyId("4"), alias: "alias/databases" },
    { region: away, id: keyId("5"), alias: "alias/off", state: "Disabled" },
  ],
  copyGrants: [
    { region: away, name: "copies", kmsKey: "alias/databases", tags: { team: "data" } },
    { region: away, name: "spare", tags: {} },
  ],
  clusters: [
    {
      region: home,
      id: "orders",
      engine: "aurora-mysql",
      kmsKey: "alias/databases",
      members: 2,
      tags: { team: "a&b" },
    },
    { region: home, id: "plain", engine: "aurora-postgresql", tags: {} },
    { region: home, id: "graph", engine: "neptune", encrypted: true, tags: { team: "graph" } },
    { region: home, id: "docs", engine: "docdb", tags: { team: "docs" } },
    { region: home, id: "triple", engine: "postgres", tags: {} },
    { region: home, id: "stopped", engine: "aurora-mysql", status: "stopped" },
    { region: home, id: "guarded", engine: "aurora-mysql", deletionProtection: true, members: 0 },
    { region: home, id: "primary", engine: "aurora-mysql", globalCluster: "world", members: 0 },
    {
      region: away,
      id: "secondary",
      engine: "aurora-mysql",
      globalCluster: "world",
      replicationSource: `arn:aws:rds:${home}:${account}:cluster:primary`,
    },
    {
      region: home,
      id: "sales",
      engine: "redshift",
      kmsKey: "alias/databases",
      tags: { team: "sales" },
      snapshotCopy: { destination: away, grant: "copies" },
    },
    { region: home, id: "logs", engine: "redshift", tags: { team: "logs" }, manualRetention: 30 },
    { region: home, id: "paused", engine: "redshift", status: "paused" },
  ],
  snapshots: [
    {
      region: home,
      id: "rds:orders-2026-03-01-03-00",
      cluster: "orders",
      type: "automated",
      created: "2026-03-01T03:00:00Z",
    },
    {
      region: home,
      id: "orders-old",
      cluster: "orders",
      created: "2026-02-01T03:00:00Z",
      tags: { keep: "yes" },
    },
    {
      region: home,
      id: "plain-old",
      cluster: "plain",
      created: "2026-02-01T03:00:00Z",
      sharedWith: [stranger.id],
    },
    { region: home, id: "plain-failed", cluster: "plain", created: "2026-02-01T03:00:00Z", status: "failed" },
    { region: home, id: "graph-old", cluster: "graph", created: "2026-02-01T03:00:00Z" },
    { region: home, id: "docs-old", cluster: "docs", created: "2026-02-01T03:00:00Z", tags: { keep: "yes" } },
    { region: home, id: "triple-old", cluster: "triple", created: "2026-02-01T03:00:00Z" },
    { region: home, id: "job", cluster: "orders", type: "awsbackup", created: "2026-02-01T03:00:00Z" },
    {
      region: home,
      id: "rs:sales-2026-03-01-03-00",
      cluster: "sales",
      type: "automated",
      created: "2026-03-01T03:00:00Z",
    },
    {
      region: home,
      id: "sales-old",
      cluster: "sales",
      created: "2026-02-01T03:00:00Z",
      tags: { keep: "yes" },
    },
    { region: home, id: "logs-old", cluster: "logs", created: "2026-02-27T03:00:00Z", retention: 30 },
    {
      region: home,
      id: "logs-shared",
      cluster: "logs",
      created: "2026-02-27T03:00:00Z",
      sharedWith: [stranger.id],
    },
    { region: home, id: "logs-making", cluster: "logs", created: "2026-03-01T11:59:00Z", status: "creating" },
  ],
  stateMachines: [{ region: home, name: "nightly" }],
} as const satisfies Fleet;

/** An execution comes to what its input says; to success where it says nothing. */
const runExecution: RunExecution = async ({ input }) => {
  const { comesTo = "success" } = JSON.parse(input) as { comesTo?: string };
  const report = JSON.stringify({ comesTo });
  if (comesTo === "nothing") return new Promise(() => {});
  return comesTo === "success"
    ? { output: report, report }
    : { error: "Incomplete", cause: "one is missing", report };
};

/** Starts a stage, hands it over, and clears it away. */
export const onStage = async <T>(play: (stage: Stage) => Promise<T>): Promise<T> => {
  const simulator = await startSimulator({ fleet: structuredClone(fleet) as unknown as Fleet, runExecution });
  try {
    return await play({ simulator, wire: createWire(simulator) });
  } finally {
    await simulator.close();
  }
};

export const rdsArn = (resource: string, region: string = home) =>
  `arn:aws:rds:${region}:${account}:${resource}`;
export const statesArn = (resource: string, region: string = home) =>
  `arn:aws:states:${region}:${account}:${resource}`;
export const redshiftArn = (resource: string, region: string = home) =>
  `arn:aws:redshift:${region}:${account}:${resource}`;
