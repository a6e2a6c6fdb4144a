import type { CallEntry } from "../../simulator/calls.ts";
import type { Core } from "../../simulator/core.ts";
import { isUsable } from "../../simulator/keys.ts";
import type { SimulatorRequest, SimulatorResponse } from "../../simulator/request.ts";
import type { RegionStore } from "../../simulator/world.ts";
import { checkers } from "./checkers/all.ts";
import type { Checker } from "./checkers/checker.ts";
import {
  clustersIn,
  type Invocation,
  type PlanFacts,
  type Scene,
  type SeenCluster,
  type SeenSnapshot,
  snapshotsOf,
} from "./checkers/records.ts";
import { subjectOf } from "./subject.ts";
import type { EventLog, Tally } from "./tally.ts";
import { count } from "./tally.ts";

export interface Violation {
  readonly invariant: string;
  readonly sentence: string;
}

/** Sees every call and every deed of others, tells the checkers, and writes the log. */
export interface Witness {
  readonly violations: readonly Violation[];
  readonly scene: Scene;
  /** Answers a request and shows what it did. `heard` says whether the caller still waits for the answer. */
  answer(request: SimulatorRequest, invocation: Invocation, heard: boolean): SimulatorResponse;
  tell<What extends keyof Checker>(what: What, ...told: Parameters<NonNullable<Checker[What]>>): void;
  /** Others are about to delete or change a snapshot. */
  touch(snapshot: { readonly region: string; readonly id: string }, removed: boolean): void;
  /** Others have changed how AWS copies a cluster's snapshots. */
  unsettle(arn: string): void;
  /** A name may be answered AlreadyExists so many times more; `*` is every name, for as long as listings lag. */
  excuse(place: string, times?: number): void;
}

interface WitnessParts {
  readonly core: Core;
  readonly service: string;
  readonly callsPerSecond?: number | undefined;
  readonly plans: () => readonly PlanFacts[];
  readonly log: EventLog;
  readonly tally: Tally;
}

const deleting = new Set(["DeleteDBClusterSnapshot", "BatchDeleteClusterSnapshots"]);
const listing: Readonly<Record<string, "rds" | "redshift">> = {
  DescribeDBClusterSnapshots: "rds",
  DescribeClusterSnapshots: "redshift",
};
const finding: Readonly<Record<string, "rds" | "redshift">> = {
  DescribeDBClusters: "rds",
  DescribeClusters: "redshift",
};
/** The functions that delete: only of these is it kept what they were shown. */
const judges = new Set(["prune", "sweep"]);
/** The functions that go by which clusters there are. */
const lookers = new Set(["discover", "snapshot", "sweep"]);

export const makeWitness = ({ core, service, callsPerSecond, plans, log, tally }: WitnessParts): Witness => {
  const violations: Violation[] = [];
  const touched = new Set<string>();
  const unsettled = new Map<string, number>();
  const removals: { readonly at: number; readonly snapshot: SeenSnapshot }[] = [];
  const excuses = new Map<string, number>();
  const discoveries = new Map<number, Discovery>();
  const now = (): number => core.clock.now().getTime();
  const storeOf = (region: string) => core.world.store(region);
  const scene: Scene = {
    ...{ service, now, plans, touched, unsettled },
    ...(callsPerSecond !== undefined && { callsPerSecond }),
    snapshots: (region) =>
      core.world
        .stores()
        .filter((store) => (region ?? store.region) === store.region)
        .flatMap(snapshotsOf),
    clusters: () => clustersIn(core.world),
    awsOwnedCopies: core.world.settings.awsOwnedKeyCopies,
    brokenKeys: () =>
      new Set(
        core.world
          .stores()
          .flatMap(({ keys }) => [...keys.values()].flatMap((key) => (isUsable(key) ? [] : key.arn))),
      ),
    discovered: (execution) => shownTo(discoveries.get(execution)),
    views: (whole) => viewsOf([...discoveries].filter(([, one]) => one.whole === whole)).map(shownTo),
    removedByOthers: (region, since) =>
      removals
        .filter(({ at, snapshot }) => at >= since && snapshot.region === region)
        .map(({ snapshot }) => snapshot),
    excuses: (region, snapshot) => {
      const time = /\d{8}t\d{6}z/.exec(snapshot)?.[0] ?? "";
      const everywhere = core.world.settings.listingDelaySeconds > 0 ? "*" : "";
      const reasons = [`${region} ${snapshot}`, time, everywhere];
      return reasons.reduce((sum, reason) => sum + (excuses.get(reason) ?? 0), 0);
    },
  };
  const all = Object.entries(checkers).map(
    ([invariant, make]): Checker =>
      make(
        scene,
        (sentence) => {
          violations.push({ invariant, sentence });
          log.write(`VIOLATION ${invariant}: ${sentence}`);
        },
        () => count(tally.checked, invariant),
      ),
  );
  const tell: Witness["tell"] = (what, ...told) => {
    for (const checker of all) (checker[what] as ((...given: unknown[]) => void) | undefined)?.(...told);
  };
  let last: CallEntry | undefined;
  core.calls.subscribe((entry) => {
    last = entry;
  });

  return {
    violations,
    scene,
    tell,
    touch: ({ region, id }, removed) => {
      touched.add(`${region} ${id}`);
      const snapshot = snapshotsOf(storeOf(region)).find((one) => one.id === id);
      if (removed && snapshot)
        removals.push({ at: now(), snapshot: { ...snapshot, tags: new Map(snapshot.tags) } });
    },
    unsettle: (arn) => void unsettled.set(arn, now()),
    excuse: (place, times = 1) => void excuses.set(place, (excuses.get(place) ?? 0) + times),
    answer: (request, invocation, heard) => {
      const { operation, region, parameters } = subjectOf(request);
      const before = deleting.has(operation) ? snapshotsOf(storeOf(region)) : [];
      const toldBefore = storeOf(region).events.length;
      const response = core.answer(request);
      tally.calls += 1;
      const code = last?.code ?? "";
      const named = [...parameters].filter(([key]) => /Identifier(s|$)/.test(key)).map(([, value]) => value);
      log.write(
        `${invocation.function}#${invocation.number} ${operation} ${region} ${named.join(" ")} ${last?.status} ${code}`,
      );
      const status = response.reset ? 0 : response.status;
      tell("answered", {
        invocation,
        operation,
        region,
        parameters,
        at: now(),
        status,
        code,
        body: response.body,
        ...(!heard && { unheard: true as const }),
      });
      for (const { detailType: type, resources, detail } of storeOf(region).events.slice(toldBefore))
        tell("told", { type, resources, detail });
      const found = finding[operation];
      if (found !== undefined && lookers.has(invocation.function)) {
        const clusters =
          status === 200 && heard
            ? clustersIn(core.world).filter((one) => one.family === found && one.region === region)
            : undefined;
        if (clusters) tell("found", { invocation, clusters });
        if (invocation.function === "discover")
          discover(discoveries, invocation, `${found} ${region}`, clusters);
      }
      const family = listing[operation];
      if (family !== undefined && judges.has(invocation.function) && status === 200 && heard) {
        const latest = now() - core.world.settings.listingDelaySeconds * 1000;
        const snapshots = snapshotsOf(storeOf(region)).filter(
          (one) => one.family === family && one.startedAt <= latest && !one.automated,
        );
        tell("listed", {
          invocation,
          family,
          region,
          first: !parameters.has("Marker"),
          named: [...parameters.values()].includes("db-cluster-snapshot-id"),
          at: now(),
          snapshots,
        });
      }
      // Of one call that deletes several each is judged with the ones before it gone.
      const earlier = new Set<SeenSnapshot>();
      for (const snapshot of gone(before, storeOf(region))) {
        tally.deletions += 1;
        tell("deleted", {
          invocation,
          snapshot,
          before: before.filter((one) => !earlier.has(one)),
          at: now(),
        });
        earlier.add(snapshot);
      }
      // Entries pile up over months, and nobody reads them here.
      core.calls.clear();
      return response;
    },
  };
};

/** What the last Discover of an execution was shown, by family and region: what an earlier one saw came to nothing. */
interface Discovery {
  readonly invocation: number;
  readonly whole: number;
  readonly places: Map<string, readonly SeenCluster[]>;
}

const shownTo = (discovery: Discovery | undefined): readonly SeenCluster[] =>
  [...(discovery?.places.values() ?? [])].flat();

/** Where there are parts, the whole's look decided into how many, and nothing else. */
const viewsOf = (some: readonly (readonly [number, Discovery])[]): readonly Discovery[] => {
  const parts = some.filter(([execution, { whole }]) => execution !== whole);
  return (parts.length > 0 ? parts : some).map(([, discovery]) => discovery);
};

const discover = (
  discoveries: Map<number, Discovery>,
  { number, execution = 0, whole = execution }: Invocation,
  place: string,
  shown: readonly SeenCluster[] | undefined,
): void => {
  const known = discoveries.get(execution);
  // A request of one that was ended may be answered after its successor's.
  if (known && known.invocation > number) return;
  const own = known?.invocation === number ? known : { invocation: number, whole, places: new Map() };
  discoveries.set(execution, own);
  if (shown) own.places.set(place, shown);
};

const gone = (before: readonly SeenSnapshot[], store: RegionStore): readonly SeenSnapshot[] =>
  before.filter(({ family, id, status }) => {
    const left = family === "rds" ? store.clusterSnapshots.get(id) : store.redshiftSnapshots.get(id);
    return status !== "deleting" && (left === undefined || left.status === "deleting");
  });
