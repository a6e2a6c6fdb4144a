import type { Engine } from "../../lib/core/cluster.ts";

/** A cluster of the demo's account. `nights`: the ages in days of the snapshots that earlier runs left of it. */
export interface DemoCluster {
  readonly region: string;
  readonly id: string;
  readonly engine: Exclude<Engine, "aurora">;
  readonly sizeGib: number;
  readonly encrypted: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly status?: string;
  /** Redshift: snapshot copy is enabled into the copy region. */
  readonly copied?: boolean;
  readonly nights?: readonly number[];
  /** Ages in days of the copies that earlier runs left in the copy region. */
  readonly copiedNights?: readonly number[];
}

const daily = { backup: "daily" };
const fortnight = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const week = [1, 2, 3, 4, 5, 6, 7, 8];

/** Two names of 63 characters that differ in the last word only: the readable part of a name cannot tell them. */
const longName = "customer-relationship-management-production-cluster-region";

/** What matters, in one account: every engine, encrypted or not, wanted or not, able to be copied or not. */
export const demoClusters: readonly DemoCluster[] = [
  {
    region: "us-east-1",
    id: "orders",
    engine: "aurora-postgresql",
    sizeGib: 120,
    encrypted: true,
    tags: { ...daily, team: "shop" },
    nights: [...fortnight, 19, 26, 40, 71],
    copiedNights: [1, 2, 3, 4, 5],
  },
  {
    region: "us-east-1",
    id: "sessions",
    engine: "aurora-mysql",
    sizeGib: 40,
    encrypted: false,
    tags: daily,
    nights: week,
    copiedNights: [1, 2, 3, 4],
  },
  {
    region: "us-east-1",
    id: `${longName}-east`,
    engine: "aurora-postgresql",
    sizeGib: 30,
    encrypted: true,
    tags: daily,
    nights: [1, 2],
  },
  {
    region: "us-east-1",
    id: `${longName}-west`,
    engine: "aurora-postgresql",
    sizeGib: 35,
    encrypted: true,
    tags: daily,
  },
  {
    region: "us-east-1",
    id: "graph",
    engine: "neptune",
    sizeGib: 25,
    encrypted: true,
    tags: daily,
    nights: week,
    copiedNights: [2, 3],
  },
  {
    region: "us-east-1",
    id: "documents",
    engine: "docdb",
    sizeGib: 60,
    encrypted: true,
    tags: daily,
    nights: [1, 2, 3],
  },
  {
    region: "us-east-1",
    id: "billing",
    engine: "mysql",
    sizeGib: 80,
    encrypted: true,
    tags: daily,
    nights: [1, 2],
  },
  {
    region: "us-east-1",
    id: "legacy-crm",
    engine: "aurora-mysql",
    sizeGib: 20,
    encrypted: false,
    tags: daily,
    status: "stopped",
    nights: [30, 31, 32],
  },
  {
    region: "us-east-1",
    id: "warehouse",
    engine: "redshift",
    sizeGib: 200,
    encrypted: true,
    tags: daily,
    copied: true,
    nights: [1, 2, 3],
  },
  {
    region: "us-east-1",
    id: "staging",
    engine: "aurora-postgresql",
    sizeGib: 10,
    encrypted: false,
    tags: { backup: "weekly" },
  },
  { region: "us-east-1", id: "playground", engine: "aurora-mysql", sizeGib: 5, encrypted: false, tags: {} },
  {
    region: "us-east-1",
    id: "archive",
    engine: "docdb",
    sizeGib: 300,
    encrypted: true,
    tags: { ...daily, "backup-skip": "true" },
  },
  {
    region: "us-west-2",
    id: "orders",
    engine: "aurora-postgresql",
    sizeGib: 90,
    encrypted: true,
    tags: daily,
    nights: [1, 2, 3, 4],
    copiedNights: [1],
  },
  {
    region: "us-west-2",
    id: "recommendations",
    engine: "neptune",
    sizeGib: 45,
    encrypted: false,
    tags: daily,
    nights: [1, 2],
  },
  { region: "us-west-2", id: "catalog", engine: "docdb", sizeGib: 70, encrypted: true, tags: daily },
  {
    region: "us-west-2",
    id: "clickstream",
    engine: "redshift",
    sizeGib: 150,
    encrypted: false,
    tags: daily,
    nights: [1, 2],
  },
];

/** How the run must end with this fleet; anything else is a failure of the demo. */
export const expectedProblems: readonly string[] = [
  "us-east-1 billing copy-unsupported",
  "us-east-1 legacy-crm stopped",
  "us-west-2 clickstream setting-absent",
];
