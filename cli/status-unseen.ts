import { engines } from "../lib/core/cluster.ts";
import { homeOf, type OwnedSnapshot } from "../lib/core/ownership.ts";
import type { Look } from "./look.ts";

/** A cluster whose region did not answer, as far as its recovery points elsewhere tell of it. */
export interface UnseenCluster {
  readonly cluster: string;
  readonly arn: string;
  readonly resource: string;
  readonly engine: string;
  readonly label: string;
  readonly region: string;
  /** Where available recovery points of it were seen, the newest place first. */
  readonly places: readonly UnseenPlace[];
}

interface UnseenPlace {
  readonly region: string;
  readonly kind: "source" | "copy";
  readonly points: number;
  /** ISO 8601. */
  readonly newest: string;
  readonly ageSeconds: number;
}

export const unseenClusters = ({
  owned,
  clusters,
  unlisted,
  context: { now },
}: Look): readonly UnseenCluster[] => {
  const silent = new Set(unlisted.map(({ region, family }) => `${region} ${family}`));
  const there = new Set(clusters.flatMap(({ arn, resource }) => [arn, resource]));
  const hidden = owned.filter(
    (point) =>
      silent.has(`${homeOf(point)} ${engines[point.snapshot.engine].family}`) &&
      !there.has(point.resource) &&
      !there.has(point.clusterArn) &&
      point.snapshot.status === "available",
  );
  return [...Map.groupBy(hidden, ({ resource }) => resource).values()]
    .map((points) =>
      unseenOf(
        points.toSorted((a, b) => b.takenAt - a.takenAt),
        now,
      ),
    )
    .toSorted((a, b) => (`${a.region} ${a.cluster}` < `${b.region} ${b.cluster}` ? -1 : 1));
};

/** `points`: the newest first, and never none. */
const unseenOf = (points: readonly OwnedSnapshot[], now: number): UnseenCluster => {
  const [newest] = points as readonly [OwnedSnapshot];
  const { cluster, engine } = newest.snapshot;
  const places = Map.groupBy(
    points,
    ({ snapshot: { region }, source }) => `${region} ${source === undefined}`,
  );
  return {
    ...{ cluster, arn: newest.clusterArn, resource: newest.resource, region: homeOf(newest) },
    ...{ engine, label: engines[engine].label },
    places: [...places.values()].map((some) => placeOf(some, now)),
  };
};

const placeOf = (points: readonly OwnedSnapshot[], now: number): UnseenPlace => {
  const [{ snapshot, source, takenAt }] = points as readonly [OwnedSnapshot];
  return {
    ...{ region: snapshot.region, kind: source === undefined ? "source" : "copy", points: points.length },
    newest: new Date(takenAt).toISOString(),
    ageSeconds: Math.max(0, Math.floor((now - takenAt) / 1000)),
  };
};
