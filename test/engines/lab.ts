import { onTestFinished } from "vitest";
import type { Cluster } from "../../lib/core/cluster.ts";
import { snapshotName } from "../../lib/core/naming.ts";
import { type OwnedSnapshot, ownedBy, stampSnapshot } from "../../lib/core/ownership.ts";
import { runId } from "../../lib/core/run.ts";
import type { Snapshot } from "../../lib/core/snapshot.ts";
import type { Clients } from "../../lib/engines/clients.ts";
import type { Engine } from "../../lib/engines/engine.ts";
import { type ClientOptions, engineClients, eventClients, keyClients } from "../../lib/runtime/clients.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

/** A simulated AWS and the real clients that call it over HTTP: what every test of an adapter begins with. */
export const home = "us-east-1";
export const away = "eu-west-1";
export const service = "holdfast-prod";
export const run = { plan: "daily", at: "2026-03-01T03:00:00Z", id: runId("daily", "2026-03-01T03:00:00Z") };

const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };

export interface Lab {
  readonly simulator: Simulator;
  readonly clients: Clients;
}

/** Starts a simulator and stops it when the test is over. */
export const openLab = async (fleet: Fleet): Promise<Lab> => {
  const simulator = await startSimulator({ fleet: { now: "2026-03-01T03:00:00Z", ...fleet } });
  onTestFinished(() => simulator.close());
  return { simulator, clients: clientsOf(simulator.endpoint) };
};

export const clientsOf = (endpoint: string, secretAccessKey = credentials.secretAccessKey): Clients =>
  allClients({ endpoint, credentials: { ...credentials, secretAccessKey } });

const allClients = (options: ClientOptions): Clients => ({
  ...engineClients(options),
  ...keyClients(options),
  ...eventClients(home, options),
});

/** The cluster as the adapter itself tells it. */
const clusterNamed = async (engine: Engine, id: string): Promise<Cluster> => {
  const [cluster] = await engine.findClusters({ region: home, ids: [id] });
  if (cluster === undefined) throw new Error(`the fleet has no cluster ${id}`);
  return cluster;
};

interface Point {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Name and tags of the snapshot that the nth of a series of daily runs takes; 0 is the lab's own run. */
export const pointOf = (cluster: Cluster, daysAgo = 0): Point => {
  const at = new Date(Date.parse(run.at) - daysAgo * 86_400_000).toISOString();
  const taken = { plan: run.plan, at, id: runId(run.plan, at), deadline: at };
  return {
    id: snapshotName({ service, run: taken, cluster }),
    tags: stampSnapshot({ service, run: taken, cluster, retention: { last: 2 } }),
  };
};

/** The order for the snapshot of a cluster that the lab's run takes, or an earlier day's. */
export const orderFor = async (engine: Engine, clusterId: string, daysAgo = 0) => {
  const cluster = await clusterNamed(engine, clusterId);
  return { cluster, ...pointOf(cluster, daysAgo) };
};

export const owned = (snapshot: Snapshot): OwnedSnapshot => {
  const read = ownedBy(service, snapshot);
  if (read === undefined) throw new Error(`${snapshot.id} is not ours`);
  return read;
};

/** What a promise was refused with; fails where it was not refused. */
export const refusalOf = async (promise: Promise<unknown>): Promise<Error> => {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome && outcome.error instanceof Error) return outcome.error;
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`);
};

/** Ids `prefix-001` and so on. */
export const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(3, "0")}`);
