import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { services } from "../../simulator/services.ts";
import { type Recording, replay, replayable } from "./replay.ts";

/**
 * The simulator's answers beside recorded ones of the real services: whatever AWS answered for a resource,
 * the simulator must answer for a resource like it, in the same type. The recordings are not part of the
 * repository.
 */

const path = join(import.meta.dirname, "..", "..", "..", "shared", "recorded-answers.json");
const present = existsSync(path);

const recordings: readonly Recording[] = present
  ? (JSON.parse(readFileSync(path, "utf8")) as { answers: Recording[] }).answers
  : [];

const edited = "the recording was edited: it calls a copy of a manual snapshot automated and done at once";

/** Fields that AWS answers only under conditions that no fleet can bring about, with the reason. */
const conditional: Readonly<Record<string, string>> = {
  "DBClusters[].DatabaseName: missing": "only where a database was named when the cluster was made",
  "DBCluster.DatabaseName: missing": "the same",
  "DBClusters[].Capacity: missing": "Aurora Serverless v1, which AWS has ended",
  "DBClusters[].ScalingConfigurationInfo: missing": "Aurora Serverless v1, which AWS has ended",
  "DBClusters[].EnabledCloudwatchLogsExports: missing": "only where logs are exported",
  "DBCluster.EnabledCloudwatchLogsExports: missing": "the same",
  "DBClusters[].EarliestBacktrackTime: missing": "only where backtracking is on",
  "DBClusters[].BacktrackWindow: missing": "the same",
  "DBClusters[].BacktrackConsumedChangeRecords: missing": "the same",
  "DBCluster.EarliestBacktrackTime: missing": "the same",
  "DBCluster.BacktrackWindow: missing": "the same",
  "DBCluster.BacktrackConsumedChangeRecords: missing": "the same",
  "DBClusters[].CloneGroupId: missing": "only of clusters that were cloned",
  "DBClusters[].ReadReplicaIdentifiers: is empty": "only of clusters with replicas outside a global database",
  "DBClusters[].GlobalWriteForwardingRequested: missing": "only of some secondaries of global databases",
  "DBCluster.DBClusterMembers: is empty": "today a cluster with members cannot be deleted; in 2016 one was",
  "DBClusterSnapshot.Status: is copying, AWS answered available": edited,
  "DBClusterSnapshot.PercentProgress: is 0, AWS answered 100": edited,
  "Clusters[].RestoreStatus: missing": "only of restored clusters; models.test.ts restores one",
  "Clusters[].IamRoles: is empty": "only where roles are attached",
  "Clusters[].DefaultIamRoleArn: missing": "only where roles are attached",
  "Clusters[].PendingModifiedValues.MasterUserPassword: missing": "only while a change is pending",
  "Clusters[].PendingModifiedValues.MaintenanceTrackName: missing": "only while a change is pending",
  "Clusters[].PendingModifiedValues.EnhancedVpcRouting: missing": "only while a change is pending",
};

const implemented = ({ operation, status }: Recording): boolean => {
  const [service = "", name = ""] = operation.split(".");
  return status === 200 && Boolean(services.get(service)?.operations.has(name));
};

// One recording holds the words "string" and the numbers 123 all over: a skeleton that never was an answer.
const isSkeleton = ({ answer }: Recording): boolean => JSON.stringify(answer).includes('"string"');

const usable = recordings.filter((recording) => implemented(recording) && !isSkeleton(recording));

/** Fields whose value follows from what was asked, so that it must be the recorded one. */
const settled = ["Status", "ClusterStatus", "PercentProgress", "EstimatedSecondsToCompletion"];

/** What the recorded value has and the simulated one lacks, or has in another type. */
const shortcomings = (recorded: unknown, simulated: unknown, path: string): string[] => {
  const [wanted, found] = [kindOf(recorded), kindOf(simulated)];
  if (found === "nothing") return [`${path}: missing`];
  // Some recordings lost their times, and an empty structure is left.
  if (wanted === "structure" && Object.keys(recorded as object).length === 0) return [];
  if (wanted !== found) return [`${path}: is a ${found}, AWS answered a ${wanted}`];
  if (Array.isArray(recorded)) return shortcomingsOfList(recorded, simulated as unknown[], path);
  if (wanted === "structure") return shortcomingsOfStructure(recorded as Fields, simulated as Fields, path);
  if (recorded === simulated || !settled.includes(path.split(".").at(-1) ?? "")) return [];
  return [`${path}: is ${simulated}, AWS answered ${recorded}`];
};

type Fields = Readonly<Record<string, unknown>>;

const shortcomingsOfStructure = (recorded: Fields, simulated: Fields, path: string): string[] =>
  Object.entries(recorded).flatMap(([name, value]) =>
    shortcomings(value, simulated[name], path === "" ? name : `${path}.${name}`),
  );

const shortcomingsOfList = (recorded: unknown[], simulated: unknown[], path: string): string[] => {
  if (recorded.length > 0 && simulated.length === 0) return [`${path}: is empty`];
  return recorded.flatMap((item) => shortcomings(item, counterpart(item, simulated), `${path}[]`));
};

const identifiers = [
  "DBClusterSnapshotIdentifier",
  "DBClusterIdentifier",
  "SnapshotIdentifier",
  "ClusterIdentifier",
];

const idOf = (item: unknown): string | undefined => {
  const name = identifiers.find((identifier) => Object.hasOwn(Object(item), identifier));
  return name && String((item as Record<string, unknown>)[name]).toLowerCase();
};

// Listings come in an order of their own; elements without an identifier are all alike.
const counterpart = (item: unknown, simulated: unknown[]): unknown => {
  const id = idOf(item);
  return id === undefined ? simulated[0] : simulated.find((candidate) => idOf(candidate) === id);
};

const kindOf = (value: unknown): string => {
  if (value === undefined || value === null) return "nothing";
  if (value instanceof Date) return "time";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "structure";
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? "time" : typeof value;
};

const label = present ? "" : ` (skipped: there is no ${path})`;

describe.skipIf(!present)(`the recorded answers of AWS${label}`, () => {
  it("are enough to prove something", () => {
    expect(usable.length).toBeGreaterThan(50);
  });

  it("are of operations that this test can repeat", () => {
    const operations = new Set(usable.map(({ operation }) => operation));
    expect([...operations].filter((operation) => !replayable.includes(operation))).toEqual([]);
  });

  const needed = new Set<string>();

  it.each(usable.map((recording, index) => ({ index, recording, ...recording })))(
    "$index: $operation of $from has nothing that the simulator lacks",
    async ({ recording }) => {
      const found = new Set(shortcomings(recording.answer, await replay(recording), ""));
      for (const entry of found) needed.add(entry);
      expect([...found].filter((entry) => !Object.hasOwn(conditional, entry))).toEqual([]);
    },
  );

  it("need every exception that is made for them", () => {
    expect(Object.keys(conditional).filter((entry) => !needed.has(entry))).toEqual([]);
  });
});
