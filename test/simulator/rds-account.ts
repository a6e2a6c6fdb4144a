import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

export const region = "eu-west-1";
export const partnerAccount = "210987654321";
export const arn = (resource: string, place = region) => `arn:aws:rds:${place}:123456789012:${resource}`;

const fleet: Fleet = {
  now: "2026-03-01T00:00:00Z",
  accounts: [{ id: partnerAccount, accessKeyId: "partner", secretAccessKey: "partner" }],
  keys: [
    { region, alias: "alias/backup" },
    { region, alias: "alias/retired", state: "Disabled" },
  ],
  clusters: [
    { region, id: "shop", engine: "aurora-postgresql", members: 2, tags: { team: "web" } },
    { region, id: "empty", engine: "aurora-mysql", members: 0, copyTagsToSnapshot: true, tags: { a: "b" } },
    { region, id: "guarded", engine: "docdb", members: 0, deletionProtection: true },
    { region, id: "graph", engine: "neptune", members: 1 },
    { region, id: "till", engine: "postgres", members: 3 },
  ],
  snapshots: [
    {
      region: "us-east-1",
      id: "far-s",
      cluster: "far",
      engine: "aurora-postgresql",
      created: "2026-02-01",
    },
    { region, id: "shop-s", cluster: "shop", created: "2026-02-01", sizeGib: 100, tags: { kept: "yes" } },
    {
      region,
      id: "shop-kms",
      cluster: "shop",
      created: "2026-02-02",
      encrypted: true,
      kmsKey: "alias/backup",
    },
    { region, id: "shop-aws", cluster: "shop", created: "2026-02-02", encrypted: true },
    { region, id: "shop-dim", cluster: "shop", created: "2026-02-02", kmsKey: "alias/retired" },
    { region, id: "till-s", cluster: "till", created: "2026-02-03", sizeGib: 100 },
    { region, id: "rds:shop-2026-02-28", cluster: "shop", type: "automated", created: "2026-02-28" },
    { region, id: "rds:empty-2026-02-28", cluster: "empty", type: "automated", created: "2026-02-28" },
    { region, id: "job-1", cluster: "shop", type: "awsbackup", created: "2026-02-28" },
    { region, id: "shop-now", cluster: "shop", created: "2026-02-28", status: "creating" },
  ],
};

export interface RdsAccount {
  readonly simulator: Simulator;
  readonly client: RDSClient;
  /** Another account's. */
  readonly partner: RDSClient;
}

/** A simulator with clusters and snapshots of every kind, and clients of two accounts. */
export const openAccount = async (): Promise<RdsAccount> => {
  const simulator = await startSimulator({ fleet });
  return { simulator, client: connect(simulator, "simulator"), partner: connect(simulator, "partner") };
};

export const closeAccount = async ({ simulator, client, partner }: RdsAccount): Promise<void> => {
  client.destroy();
  partner.destroy();
  await simulator.close();
};

const connect = ({ endpoint }: Simulator, key: string): RDSClient =>
  new RDSClient({
    region,
    endpoint,
    credentials: { accessKeyId: key, secretAccessKey: key },
    maxAttempts: 1,
  });

/** The name under which the SDK throws, its code on the wire, and the HTTP status. */
export const refusal = async (answer: Promise<unknown>) => {
  try {
    await answer;
  } catch (error) {
    const { name, Code, $metadata } = error as {
      name: string;
      Code: string;
      $metadata: { httpStatusCode: number };
    };
    return `${name} ${Code} ${$metadata.httpStatusCode}`;
  }
  return "no error";
};

export const clusterNow = async (client: RDSClient, id: string) =>
  (await client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }))).DBClusters?.[0];

export const instanceNow = async (client: RDSClient, id: string) =>
  (await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0];
