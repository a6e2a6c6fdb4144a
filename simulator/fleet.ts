import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { settingsSchema } from "./settings.ts";

const region = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, "is not a region such as eu-west-1");
const account = z.string().regex(/^\d{12}$/, "is not an account id of 12 digits");
const time = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), "is not a time in ISO 8601")
  .transform((value) => new Date(value));
const id = z.string().min(1);
const tags = z.record(z.string(), z.string()).default({});
const days = z.number().int();

const rdsEngines = ["aurora-mysql", "aurora-postgresql", "mysql", "postgres", "neptune", "docdb"] as const;
const engine = z.enum([...rdsEngines, "redshift"]);

const accountSchema = z.strictObject({ id: account, accessKeyId: id, secretAccessKey: id });

const keySchema = z.strictObject({
  region,
  account: account.optional(),
  /** Default: a UUID that depends on region and alias. */
  id: id.optional(),
  alias: z.string().startsWith("alias/").optional(),
  state: z
    .enum(["Enabled", "Disabled", "PendingDeletion", "PendingImport", "Unavailable", "Updating"])
    .optional(),
  manager: z.enum(["CUSTOMER", "AWS"]).optional(),
  multiRegion: z.boolean().optional(),
  description: z.string().optional(),
});

const grantSchema = z.strictObject({
  region,
  account: account.optional(),
  name: id,
  /** Default: `aws/redshift`. */
  kmsKey: z.string().optional(),
  tags,
});

const clusterSchema = z.strictObject({
  region,
  account: account.optional(),
  id,
  engine,
  status: z.string().default("available"),
  sizeGib: z.number().nonnegative().default(100),
  encrypted: z.boolean().default(false),
  /** RDS family: under a key that AWS owns, as Aurora's clusters are since 2026-02-18 unless a key is chosen. */
  awsOwnedKey: z.boolean().default(false),
  /** Id, ARN or alias of a key of this region; default for encrypted ones: the service's own key. */
  kmsKey: z.string().optional(),
  tags,
  /** Default: 90 days before the start. */
  created: time.optional(),
  /** Default: depends on region and id. For Redshift the UUID of the namespace. */
  resourceId: z.string().optional(),
  engineVersion: z.string().optional(),
  members: z.number().int().nonnegative().default(1),
  copyTagsToSnapshot: z.boolean().default(false),
  deletionProtection: z.boolean().default(false),
  globalCluster: z.string().optional(),
  /** ARN of the primary: makes this a secondary of a global database. */
  replicationSource: z.string().optional(),
  /** Redshift only. */
  manualRetention: days.default(-1),
  snapshotCopy: z
    .strictObject({
      destination: region,
      grant: z.string().optional(),
      retention: days.default(7),
      manualRetention: days.default(-1),
    })
    .optional(),
});

const snapshotSchema = z.strictObject({
  region,
  account: account.optional(),
  id,
  /** Its cluster's id; the cluster need not exist any more. */
  cluster: id,
  /** Default: the cluster's. */
  engine: engine.optional(),
  /** `awsbackup` ones are manual by type, and known by their `awsbackup:` id and tag. */
  type: z.enum(["manual", "automated", "awsbackup"]).default("manual"),
  created: time,
  tags,
  status: z.string().default("available"),
  percent: z.number().int().min(0).max(100).optional(),
  sizeGib: z.number().nonnegative().optional(),
  encrypted: z.boolean().optional(),
  /** RDS family; default: the cluster's. */
  awsOwnedKey: z.boolean().optional(),
  kmsKey: z.string().optional(),
  /** Of the cluster it was taken of; default as for a cluster of that id in this region. */
  resourceId: z.string().optional(),
  clusterCreated: time.optional(),
  /** RDS family: what it is a copy of. */
  sourceArn: z.string().optional(),
  /** Redshift: the region it was copied from. */
  sourceRegion: region.optional(),
  sharedWith: z.array(z.string()).default([]),
  /** Redshift: days, -1 for ever. */
  retention: days.default(-1),
});

const stateMachineSchema = z.strictObject({
  region,
  account: account.optional(),
  name: id,
});

const fleetSchema = z.strictObject({
  now: z.string().optional(),
  accounts: z.array(accountSchema).default([]),
  settings: settingsSchema.optional(),
  keys: z.array(keySchema).default([]),
  copyGrants: z.array(grantSchema).default([]),
  clusters: z.array(clusterSchema).default([]),
  snapshots: z.array(snapshotSchema).default([]),
  stateMachines: z.array(stateMachineSchema).default([]),
});

/** What there is in a simulated account at the start, as written in a fleet file. */
export type Fleet = z.input<typeof fleetSchema>;

/** The same, checked and with defaults filled in. */
export type CheckedFleet = z.output<typeof fleetSchema>;
export type FleetKey = CheckedFleet["keys"][number];
export type FleetCluster = CheckedFleet["clusters"][number];
export type FleetSnapshot = CheckedFleet["snapshots"][number];

/** Reads a fleet file, YAML or JSON. Throws with every problem and its path. */
export const readFleet = (text: string, source = "fleet"): Fleet => {
  const fleet: unknown = parseYaml(text) ?? {};
  checkFleet(fleet, source);
  return fleet as Fleet;
};

/** Checks a fleet and fills in its defaults. Throws with every problem and its path. */
export const checkFleet = (fleet: unknown, source = "fleet"): CheckedFleet => {
  const result = fleetSchema.safeParse(fleet ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${source}: ${z.core.toDotPath(issue.path) || "top level"}: ${issue.message}`,
  );
  throw new Error(problems.join("\n"));
};
