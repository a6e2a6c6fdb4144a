import { type ClusterTimes, visibleCoverageOf, visibleTimesOf } from "../core/coverage.ts";
import { ownedBy } from "../core/ownership.ts";
import { isScheduled } from "../core/run.ts";
import { shortWithWitness, tellShortfall } from "../core/shortfall.ts";
import { type Sighting, sightingsOf } from "../core/sighting.ts";
import type { Context } from "./context.ts";
import { askByPlace, type Open, placeKey, pointsOf, type Row } from "./run-points.ts";

/** What is known of a plan's points in some places. */
export interface LastRuns {
  readonly owned: readonly Sighting[];
  /** Regions where these do not tell the plan's coverage: only a whole listing does. */
  readonly untold: readonly string[];
}

export interface Looked extends Open {
  readonly owned: readonly Sighting[];
  /** The runs whose points were asked for in every open place, epoch milliseconds. */
  readonly looked: readonly number[];
}

/**
 * So many clusters of a place are looked at whole, the witness with them, a hundred in a question; of more the region is
 * listed.
 */
const shortMax = 300;

/** Earlier runs that are asked for where the last ones were incomplete. */
const earlierMax = 3;

/**
 * Looks at everything that the clusters have that lack a point of a last run. They had their part in each run that was
 * complete, so that their own points name the earlier ones to ask for.
 */
export const lookAtThoseShort = async (
  { owned: seen, open: places, looked: asked, ...known }: Looked,
  context: Context<"engines">,
): Promise<LastRuns> => {
  if (places.length === 0) return { owned: seen, untold: [] };
  const { now } = context;
  const membersIn = (owned: readonly Sighting[]) =>
    Map.groupBy(visibleTimesOf({ ...known, owned, now }), placeKey);
  const before = membersIn(seen);
  const few = places
    .map((place) => shortWithWitness({ members: before.get(placeKey(place)) ?? [], looked: asked }))
    .filter(({ length }) => length <= shortMax)
    .flat();
  const { points, unlisted } = await allOf(few, context);
  const short = Map.groupBy(
    few.filter(({ region }) => !unlisted.has(region)),
    placeKey,
  );
  const scheduled = new Set(
    points.filter((point) => isScheduled(known.plan.name, point)).map(({ takenAt }) => takenAt),
  );
  const pick = sightingsOf(context.service);
  let owned = distinctSightings([...seen, ...points.flatMap(({ snapshot }) => pick(snapshot) ?? [])]);
  let looked = asked;
  let open: readonly Row[] = places;
  const untold: string[] = [];
  for (let left = earlierMax; ; left -= 1) {
    const rows = visibleCoverageOf({ ...known, owned, now });
    const members = membersIn(owned);
    const waiting = new Map<Row, number>();
    for (const row of rows.filter((one) => open.some((place) => placeKey(place) === placeKey(one)))) {
      const key = placeKey(row);
      const arns = new Set(short.get(key)?.map(({ cluster }) => cluster.arn));
      const told = tellShortfall({ row, members: members.get(key) ?? [], short: arns, looked, now });
      if (typeof told !== "string" && scheduled.has(told.earlier) && left > 0) waiting.set(row, told.earlier);
      else if (told !== "told") untold.push(row.region);
    }
    if (waiting.size === 0) return { owned, untold };
    const next = Math.max(...waiting.values());
    const found = await pointsOf(next, { ...known, open: [...waiting.keys()] }, context);
    untold.push(...found.unlisted);
    open = [...waiting.keys()].filter(({ region }) => !found.unlisted.includes(region));
    owned = distinctSightings([...owned, ...found.items]);
    looked = [...looked, next];
  }
};

/** Every point of ours that these clusters have in their places. */
const allOf = async (short: readonly ClusterTimes[], context: Context<"engines">) => {
  const { items, unlisted } = await askByPlace(
    short,
    (engine, region, clusters) => {
      const ids = [...new Set(clusters.map(({ id }) => id))];
      return engine.snapshotsOf({ region, clusters: ids });
    },
    context,
  );
  return {
    points: items.flatMap((one) => ownedBy(context.service, one) ?? []),
    unlisted: new Set(unlisted),
  };
};

/** Each once, though two looks have shown it. */
const distinctSightings = (sightings: readonly Sighting[]): readonly Sighting[] => [
  ...new Map(
    sightings.map((one) => [
      [one.snapshot.region, one.resource, one.takenAt, one.plan, one.source].join(" "),
      one,
    ]),
  ).values(),
];
