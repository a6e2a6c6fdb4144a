import { expect, it } from "vitest";
import type { FaultKind } from "../../simulator/faults.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { cluster, type Night, nightAfter, withNight } from "../night.ts";
import { completeIsTrue, everything, floorStands, nothingTwice, untouched } from "./night-laws.ts";

/**
 * The same fleets and faults in every run; calls still interleave as HTTP lets them, so a replay can differ.
 * `NIGHTS_SEED` draws one case again, `NIGHTS_RUNS` asks for so many new ones.
 */
const { NIGHTS_SEED: seedGiven, NIGHTS_RUNS: runs } = process.env;
const range = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, nth) => first + nth);
const drawn = (): number => 1 + Math.floor(Math.random() * 1e9);

// In the last two an untagged copy of Redshift's was gone after a night. Traced in the first of them: it had come
// too late to be tagged, was recognised and tagged a night later, and then pruned with a verdict.
const fixed = [...range(1, 5), 970458366, 970458381];
const unknown = runs === undefined ? fixed : range(drawn(), Number(runs));
const seeds = seedGiven === undefined ? unknown : [Number(seedGiven)];

/** Draws by a linear congruence: the same for a seed for ever. */
const diceOf = (seed: number) => {
  let state = seed >>> 0;
  const draw = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(draw() * limit);
  return {
    below,
    chance: (share: number) => draw() < share,
    one: <T>(of: readonly T[]): T => of[below(of.length)] as T,
  };
};
type Dice = ReturnType<typeof diceOf>;

const regions = ["us-east-1", "us-west-2"] as const;
type FleetCluster = NonNullable<Fleet["clusters"]>[number];
type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

const drawCluster = (dice: Dice, index: number): FleetCluster => {
  const engine = dice.one(["aurora-postgresql", "aurora-mysql", "neptune", "docdb", "redshift"] as const);
  return cluster(`c${index}`, {
    region: dice.one(regions),
    engine,
    encrypted: engine !== "redshift" && dice.chance(0.3),
    sizeGib: dice.below(200),
    status: dice.chance(0.1) ? "stopped" : "available",
    ...(engine === "redshift" && { snapshotCopy: { destination: "eu-west-1" } }),
  });
};

/** What others own, older than anything that a policy would keep. */
const strangersOf = ({ id, region, engine }: FleetCluster): FleetSnapshot[] => {
  const base = { region, cluster: id, engine, created: "2025-01-01T00:00:00Z" };
  const byHand = { ...base, id: `by-hand-${id}` };
  if (engine === "redshift") return [byHand];
  return [
    byHand,
    { ...base, id: `rds:${id}-2025-01-01-00-00`, type: "automated" },
    { ...base, id: `awsbackup:job-${id}`, type: "awsbackup" },
  ];
};

const planOf = (dice: Dice): string => `
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1, us-west-2] }
    retention: { keep-last: 1 }
    copies: [{ region: eu-west-1, kms-key: alias/backup }${dice.chance(0.3) ? ", { region: us-west-2, kms-key: alias/backup }" : ""}]
    deadline: 6h
`;

const operations = [
  ...["DescribeDBClusters", "DescribeDBClusterSnapshots", "CreateDBClusterSnapshot", "CopyDBClusterSnapshot"],
  ...["DeleteDBClusterSnapshot", "DescribeClusterSnapshots", "CreateClusterSnapshot", "CreateTags"],
  ...["BatchDeleteClusterSnapshots", "DescribeKey", "PutEvents"],
];
const kinds: readonly FaultKind[] = [
  ...(["throttle", "internal", "unavailable", "reset-before", "reset-after"] as const),
  { code: "AccessDenied", status: 403, message: "no" },
];

/** What befalls one night: lost calls, broken work, lagging listings, a cluster that goes. */
const disturb = (dice: Dice, { simulator }: Night): (() => void) => {
  simulator.world.settings.listingDelaySeconds = dice.one([0, 0, 120]);
  for (let count = dice.below(4); count > 0; count -= 1) {
    const region = dice.chance(0.5) ? { region: dice.one([...regions, "eu-west-1"]) } : {};
    const rule = { operation: dice.one(operations), times: 1 + dice.below(5), kind: dice.one(kinds) };
    simulator.faults.add({ ...rule, ...region, probability: 0.6 });
  }
  const fate = dice.one([
    undefined,
    undefined,
    { failAtPercent: 60 },
    { vanishAtPercent: 40 },
    { stuckAtPercent: 50 },
  ]);
  if (fate) simulator.world.works.befall({ ...fate, kind: dice.one(["create", "copy"] as const), times: 1 });
  let calls = dice.chance(0.15) ? 5 + dice.below(30) : -1;
  return simulator.calls.subscribe(() => {
    calls -= 1;
    if (calls === 0) simulator.world.store(dice.one(regions)).clusters.delete("c0");
  });
};

const someNights = async (seed: number): Promise<void> => {
  const dice = diceOf(seed);
  const clusters = Array.from({ length: 1 + dice.below(4) }, (_, index) => drawCluster(dice, index));
  const snapshots = clusters.flatMap(strangersOf);
  const keys = ["eu-west-1", "us-west-2"].map((region) => ({ region, alias: "alias/backup" }));
  const settings = { manualClusterSnapshotsMax: dice.one([100, 100, 100, 6]) };
  await withNight({ fleet: { clusters, snapshots, keys, settings }, config: planOf(dice) }, async (night) => {
    await night.run({ plan: "daily", at: "2026-11-20T02:00:00Z", hold: "audit" });
    for (let count = 1; count <= 4; count += 1) await oneNight(dice, night, count);
  });
};

const oneNight = async (dice: Dice, night: Night, count: number): Promise<void> => {
  const { simulator, run } = night;
  const at = nightAfter(count);
  simulator.clock.advance(Math.max(0, Date.parse(at) - simulator.clock.now().getTime()) / 1000);
  const before = everything(simulator);
  const wanted = regions.flatMap((region) => {
    const { clusters, redshiftClusters } = simulator.world.store(region);
    return [...clusters.values(), ...redshiftClusters.values()].map(({ id }) => ({ name: id, region }));
  });
  const calm = disturb(dice, night);
  const twice = dice.chance(0.25);
  const ended = await Promise.all([
    run({ plan: "daily", at }),
    ...(twice ? [run({ plan: "daily", at })] : []),
  ]);
  calm();
  simulator.faults.clear();
  const after = everything(simulator);
  untouched(before, after);
  floorStands(before, after);
  nothingTwice(after);
  for (const { document, transitions, largestPayloadBytes } of ended) {
    if (document.outcome === "complete")
      for (const destination of night.runtime.config.plans.daily?.copies ?? [])
        completeIsTrue(after, {
          at,
          clusters: wanted.filter(({ region }) => region !== destination.region),
          destinations: [destination.region],
        });
    expect(transitions).toBeLessThan(2500);
    expect(largestPayloadBytes).toBeLessThan(20_000);
  }
};

it.each(seeds.map((seed) => [seed]))(
  "keeps every law of a backup, whatever happens in four nights (NIGHTS_SEED=%i)",
  someNights,
  60_000,
);
