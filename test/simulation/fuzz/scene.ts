import type { Context as LambdaContext } from "aws-lambda";
import { doors } from "../../../cli/workflow.ts";
import { HoldfastError } from "../../../lib/errors.ts";
import { parseConfig } from "../../../lib/runtime/config-file.ts";
import { makeRuntime, withRuntime } from "../../../lib/runtime/runtime.ts";
import { type Core, createCore } from "../../../simulator/core.ts";
import type { Fleet } from "../../../simulator/fleet.ts";
import type { SimulatorRequest, SimulatorResponse } from "../../../simulator/request.ts";
import { at, home, nightAfter, plainPlan, service } from "../../night.ts";
import { clusterOf, copyOf, type FleetSnapshot, point, points, warehouseOf } from "../../steps/points.ts";
import { inVirtualTime } from "../event-loop.ts";
import { secludeSdk } from "../sdk-environment.ts";
import { inProcessHandler } from "../wire.ts";

/** A small account in which there is something to do for every door, and much that must not be deleted. */

const arrivalOf = (source: FleetSnapshot, differs: Partial<FleetSnapshot> = {}): FleetSnapshot => ({
  ...source,
  ...{ region: "eu-west-1", id: `copy:${source.id}`, sourceRegion: home, tags: {} },
  ...differs,
});

/** Six nights, of which one is held, one has been promised for longer, and one failed. */
const guarded = (nights: readonly FleetSnapshot[]): readonly FleetSnapshot[] =>
  nights.map((one, nth) => {
    const tags: Record<string, string> = {
      ...one.tags,
      ...(nth === 3 && { "holdfast:hold": "audit" }),
      ...(nth === 4 && { "holdfast:until": nightAfter(90) }),
    };
    return { ...one, tags, ...(nth === 2 && { status: "failed" }) };
  });

const rds = guarded(points(7));
const docs = points(5, { of: "docs", differs: { engine: "docdb" } });
const redshift = guarded(points(7, { of: "warehouse", engine: "redshift" }));
const weekly = [0, 7, 14, 21].map((nights) => point(nights, { plan: "weekly", keep: { weekly: 2 } }));
/** Of a plan that there is no more, of a cluster that lives. */
const formerly = [1, 31, 61, 91].map((nights) => point(nights, { plan: "monthly" }));
const gone = points(4, { of: "gone" });
const goneHouse = points(4, {
  of: "gone-house",
  engine: "redshift",
  resource: "11111111-0000-4000-8000-000000000009",
});

const fleet: Fleet = {
  now: at,
  settings: { omitTagList: ["docdb"], createTimeInProgress: "present" },
  keys: [{ region: "eu-west-1", alias: "alias/backup" }],
  clusters: [
    clusterOf("orders", { encrypted: true }),
    clusterOf("docs", { engine: "docdb" }),
    warehouseOf("warehouse", { snapshotCopy: { destination: "eu-west-1" } }),
  ],
  snapshots: [
    ...[...rds, ...docs, ...redshift, ...weekly, ...formerly, ...gone, ...goneHouse],
    ...weekly.slice(1, 2).map((one) => copyOf(one, { keep: { weekly: 1 } })),
    ...formerly.slice(2).map((one) => copyOf(one)),
    ...rds.slice(1, 2).map((one) => copyOf(one)),
    // The oldest, which is due, is being copied.
    ...rds.slice(6).map((one) => copyOf(one, { differs: { status: "copying", percent: 40 } })),
    ...gone.slice(3).map((one) => copyOf(one, { differs: { status: "copying", percent: 40 } })),
    ...redshift.slice(1, 2).map((one) => arrivalOf(one)),
    ...redshift.slice(6).map((one) => arrivalOf(one, { status: "creating" })),
    ...goneHouse.slice(3).map((one) => arrivalOf(one, { status: "creating" })),
    {
      region: home,
      cluster: "orders",
      engine: "aurora-postgresql",
      id: "by-hand",
      created: nightAfter(-300),
    },
  ],
};

/** A second plan of the same clusters, with a floor that the first one's points answer for as well. */
const twoPlans = `${plainPlan}
  weekly:
    schedule: cron(0 4 ? * 6 *)
    select: { tags: { backup: [daily] }, identifiers: [orders, warehouse] }
    retention: { keep-weekly: 2 }
    copies: [{ region: eu-west-1, kms-key: alias/backup, retention: { keep-last: 1 } }]
    floor: 3
`;

const run = { plan: "daily", at, id: "daily-20261120t030000z", deadline: "2026-11-20T15:00:00Z" };
const arnPrefix = (family: string): string => `arn:aws:${family}:${home}:123456789012:cluster:`;
const batchOf = (family: "rds" | "redshift", members: readonly { id: string; resource: string }[]) => ({
  ...{ region: home, family, arnPrefix: arnPrefix(family), members },
});
const warehouseId = "7f0c1c4e-0000-4000-8000-000000000001";
const batches = {
  rds: batchOf("rds", [
    { id: "orders", resource: "cluster-ORDERS" },
    { id: "docs", resource: "cluster-DOCS" },
  ]),
  redshift: batchOf("redshift", [{ id: "warehouse", resource: warehouseId }]),
};
const awaited = (some: readonly FleetSnapshot[]) => ({
  tasks: some.map(({ cluster, id }) => ({ id: cluster, phase: "awaited", name: id })),
  since: at,
});
const dueAgain = [
  { id: "docs", phase: "due" },
  { id: "orders", phase: "due", name: rds[2]?.id },
];
const waiting = {
  ...{ since: at, limit: 5, done: 0, problems: [] },
  tasks: [rds, redshift].flatMap(([first]) =>
    first === undefined
      ? []
      : [
          {
            ...{
              cluster: first.cluster,
              region: home,
              family: first.cluster === "orders" ? "rds" : "redshift",
            },
            ...{ source: first.id, phase: "awaited" },
          },
        ],
  ),
};

const bothBatches = [batches.rds, batches.redshift];
const destination = { region: "eu-west-1" };

/** What each door is called with in life, by the door's name and what is particular about the call. */
export const calls: Readonly<
  Record<string, { readonly door: string; readonly event: Record<string, unknown> }>
> = {
  "check, rds": {
    door: "check",
    event: { run, batch: batches.rds, work: awaited([...rds.slice(0, 1), ...docs.slice(0, 1)]) },
  },
  "check, redshift": {
    door: "check",
    event: { run, batch: batches.redshift, work: awaited(redshift.slice(0, 1)) },
  },
  "copy, first pass": { door: "copy", event: { run, batches: bothBatches, destination } },
  "copy, later pass": { door: "copy", event: { run, batches: [], destination, work: waiting } },
  discover: { door: "discover", event: { request: { plan: "daily", at }, startedAt: at } },
  "discover, tolerant": {
    door: "discover",
    event: { request: { plan: "daily", at }, startedAt: at, tolerant: true },
  },
  "prune, rds": { door: "prune", event: { run, batch: batches.rds } },
  "prune, the other plan": {
    door: "prune",
    event: { run: { ...run, plan: "weekly", id: "weekly-20261120t030000z" }, batch: batches.rds },
  },
  "prune, redshift": { door: "prune", event: { run, batch: batches.redshift } },
  recognise: { door: "recognise", event: { at } },
  report: {
    door: "report",
    event: { run, batches: bothBatches, unlisted: [], snapshots: [], copies: [], pruned: [] },
  },
  "snapshot, rds": { door: "snapshot", event: { run, batch: batches.rds } },
  "snapshot, rds, once more": {
    door: "snapshot",
    event: { run, batch: batches.rds, work: { tasks: dueAgain, since: at, untried: 1 } },
  },
  "snapshot, redshift": { door: "snapshot", event: { run, batch: batches.redshift } },
  sweep: { door: "sweep", event: { at } },
  "sweep, later pass": {
    door: "sweep",
    event: {
      at,
      work: {
        families: (["rds", "redshift"] as const).map((family) => ({
          ...{ family, left: [{ region: home }, { region: "eu-west-1" }] },
          ...{ sets: 1, pruned: 2, problems: [{ cluster: "orders", region: home, code: "undeletable" }] },
        })),
        keys: { [home]: { [`arn:aws:kms:${home}:123456789012:key/1`]: 3 } },
        unseen: [],
      },
    },
  },
  watch: { door: "watch", event: { at } },
};

export type Garble = (answer: SimulatorResponse, request: SimulatorRequest) => SimulatorResponse;

const runtimeOn = (core: Core, garble: Garble) =>
  makeRuntime({
    ...{ service, home, journal: () => undefined, clock: () => core.clock.now().getTime() },
    config: parseConfig(twoPlans, { path: "holdfast.yml", home }),
    clients: {
      credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      requestHandler: inProcessHandler({
        depart: async () => ({ outMs: 0, backMs: 0 }),
        answer: (request) => garble(core.answer(request), request),
        arrive: async () => undefined,
      }),
    },
  });

export interface Ending {
  /** `done`, or the name of an error of ours; what is neither is thrown. */
  readonly outcome: string;
  /** Regions and identifiers of what is gone. */
  readonly deleted: readonly string[];
}

/** Calls a door once in a fresh account, whose answers pass through `garble`. */
export const callDoor = async (
  door: string,
  event: unknown,
  garble: Garble = (answer) => answer,
): Promise<Ending> => {
  const core = createCore({ fleet, wallNow: () => core.clock.now() });
  const before = heldIn(core);
  const handler = doors[door];
  if (handler === undefined) throw new Error(`there is no door ${door}`);
  const runtime = runtimeOn(core, garble);
  const outcome = await outcomeOf(() =>
    inVirtualTime({ clock: core.clock, random: () => 0.5, stopped: () => false }, async () => {
      await withRuntime(runtime, () => handler(event, {} as LambdaContext));
    }),
  );
  const left = new Set(heldIn(core));
  return { outcome, deleted: before.filter((one) => !left.has(one)) };
};

const heldIn = ({ world }: Core): readonly string[] =>
  world
    .stores()
    .flatMap(({ region, clusterSnapshots, redshiftSnapshots }) =>
      [...clusterSnapshots.keys(), ...redshiftSnapshots.keys()].map((id) => `${region} ${id}`),
    );

/** How a piece of work ended; what is no error of ours is thrown on. */
export const outcomeOf = async (work: () => Promise<unknown>): Promise<string> => {
  const release = secludeSdk();
  try {
    await work();
    return "done";
  } catch (error) {
    if (error instanceof HoldfastError) return error.name;
    throw error;
  } finally {
    release();
  }
};

/** Cases of a property: CI's share, or as many times that as `HOLDFAST_FUZZ` says. */
export const cases = (share: number): { readonly numRuns: number } => ({
  numRuns: Math.ceil(share * Number(process.env.HOLDFAST_FUZZ ?? 1)),
});
