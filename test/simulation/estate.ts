import type { Fleet } from "../../simulator/fleet.ts";
import type { Bounds } from "./bounds.ts";
import { isoSeconds } from "./calendar.ts";
import type { Rules } from "./checkers/keeping.ts";
import type { CopyFacts, PlanFacts, Selection } from "./checkers/records.ts";
import type { Dice } from "./dice.ts";
import { drawWishes, skipTag } from "./wishes.ts";

/** The account that months are simulated in: plans, clusters, and what others keep there. */

export const service = "holdfast/sim";
export const home = "us-east-1";
export const account = "123456789012";
export const sourceRegions = ["us-east-1", "us-west-2"] as const;
export const copyRegion = "eu-west-1";
export const regions = [...sourceRegions, copyRegion] as const;
export const backupKey = "alias/backup";

type Time = { readonly hour: number; readonly minute: number };

/** When each plan runs, by its zone's clock. */
export const timesOfDay: Readonly<Record<string, readonly Time[]>> = {
  daily: [{ hour: 2, minute: 30 }],
  ledger: [{ hour: 3, minute: 10 }],
  vault: [1, 9].map((hour) => ({ hour, minute: 50 })),
};
export const planNames = Object.keys(timesOfDay);

/** The plans that an estate begins with; faults change them. Where runs are done in parts `vault` has one copy region. */
export const firstPlans = (
  dice: Dice,
  timeZone: string,
  { payloadBytesMax, sound }: Bounds = {},
): readonly PlanFacts[] => {
  const spans = dice.fork("within");
  const vault = dice.fork("vault");
  const managed = dice.fork("managed").chance(0.5);
  const both = {
    timeZone,
    enabled: true,
    exclude: { [skipTag]: ["true"] },
    copyObjectiveHours: 30,
    copiesInFlight: 5,
  };
  return [
    {
      ...{ ...both, name: "daily", regions: sourceRegions, floor: dice.between(1, 3), brake: 10 },
      select: taggedFor("daily"),
      retention: withinToo(spans, { last: dice.between(1, 3), daily: dice.between(3, 6), weekly: 2 }),
      copies: [
        {
          ...{ region: copyRegion, key: backupKey },
          ...(managed && { manage: true }),
          ...(dice.chance(0.5) && {
            retention: withinToo(spans, { daily: dice.between(2, 4), monthly: 1 }),
          }),
        },
      ],
      carryTags: dice.fork("carried").one([["team"], ["team", "env"], ["*"]]),
      stopped: "problem",
    },
    {
      ...{ ...both, name: "ledger", regions: ["us-east-1"], floor: 2, brake: dice.between(4, 10) },
      select: taggedFor("ledger"),
      retention: { last: 2, "within-monthly": spans.one(["2m", "1m15d", "1y"]), monthly: 2, yearly: 1 },
      ...{ copies: [], carryTags: [], stopped: dice.fork("stopped").one(["problem", "skip"] as const) },
    },
    {
      ...{ ...both, name: "vault", regions: ["us-east-1"], floor: vault.between(1, 2), brake: 6 },
      select: {
        tags: { backup: ["*"], env: vault.one([["prod"], ["prod", "test"], ["*"]]) },
        ...{ identifiers: ["c?"], engines: vault.one(enginesOfVault) },
      },
      retention: { last: vault.between(1, 3), hourly: vault.between(2, 4), daily: 2 },
      copies: [
        ...(payloadBytesMax === undefined ? [nearCopy(sound)] : []),
        { region: copyRegion, key: backupKey, retention: { last: 2, daily: 1 } },
      ],
      ...{ copiesInFlight: vault.between(1, 3), carryTags: ["env"], stopped: "skip" },
    },
  ];
};

/** Without a key what is encrypted is missing there night after night. */
const nearCopy = (sound = false): CopyFacts =>
  sound ? { region: "us-west-2", key: backupKey } : { region: "us-west-2", keyless: true };

const taggedFor = (plan: string): Selection => ({ tags: { backup: [plan, "daily ledger"] } });
const enginesOfVault = [
  ["aurora-postgresql", "neptune", "docdb"],
  ["aurora-mysql", "aurora-postgresql", "postgres", "mysql", "docdb", "neptune"],
];

/** Rules with one that counts back from the newest point, which keeps more than they do or stands in for the days. */
const withinToo = (dice: Dice, { daily = 1, ...rest }: Readonly<Record<string, number>>): Rules => {
  const span = dice.one<Rules>([
    { within: `${daily + dice.between(0, 1)}d` },
    { within: dice.one(["36h", "60h", "2d12h"]) },
    { "within-daily": `${daily + dice.between(1, 2)}d` },
    { "within-hourly": `${24 * daily + 12}h` },
    { "within-weekly": dice.one(["15d", "1m"]), daily },
  ]);
  return dice.chance(0.3) ? { ...rest, daily, ...span } : { ...rest, ...span };
};

/** holdfast.yml as an operator would write these plans. */
export const writePlans = (plans: readonly PlanFacts[], { callsPerSecond, rated }: Bounds = {}): string =>
  [
    `regions: [${regions.join(", ")}]`,
    ...(callsPerSecond === undefined ? [] : [`calls-per-second: ${callsPerSecond}`]),
    ...["plans:", ...plans.flatMap((plan) => writePlan(plan, rated && plan.name === "ledger"))],
  ].join("\n");

const writePlan = (plan: PlanFacts, isRated = false): readonly string[] => {
  const times = timesOfDay[plan.name] ?? [];
  const cron = `cron(${times[0]?.minute} ${times.map(({ hour }) => hour)} * * ? *)`;
  const { identifiers, engines, tags } = plan.select;
  return [
    `  ${plan.name}:`,
    ...(plan.enabled ? [] : ["    enabled: false"]),
    `    schedule: ${isRated ? "rate(1 day)" : cron}`,
    `    timezone: ${plan.timeZone}`,
    "    select:",
    `      tags: ${JSON.stringify(tags)}`,
    ...(identifiers ? [`      identifiers: ${JSON.stringify(identifiers)}`] : []),
    ...(engines ? [`      engines: [${engines.join(", ")}]`] : []),
    `      regions: [${plan.regions.join(", ")}]`,
    `      exclude: { tags: ${JSON.stringify(plan.exclude)} }`,
    `    retention: ${writeRetention(plan.retention)}`,
    ...(plan.copies.length === 0 ? [] : ["    copies:", ...plan.copies.map(writeCopy)]),
    `    copies-in-flight: ${plan.copiesInFlight}`,
    `    objective: { source: 30h, copy: ${plan.copyObjectiveHours}h }`,
    ...[
      `    stopped: ${plan.stopped}`,
      `    deadline: 8h`,
      `    floor: ${plan.floor}`,
      `    brake: ${plan.brake}`,
    ],
    ...(plan.carryTags.length === 0 ? [] : [`    carry-tags: ${JSON.stringify(plan.carryTags)}`]),
  ];
};

const writeCopy = ({ region, retention, key: named, keyless, manage }: CopyFacts): string => {
  const key = `${keyless ? "none" : named}${manage ? ", manage: true" : ""}`;
  return `      - { region: ${region}, kms-key: ${key}${retention ? `, retention: ${writeRetention(retention)}` : ""} }`;
};

const writeRetention = (retention: Rules): string =>
  `{ ${Object.entries(retention)
    .map(([rule, value]) => `keep-${rule}: ${value}`)
    .join(", ")} }`;

type FleetCluster = NonNullable<Fleet["clusters"]>[number];
type FleetSnapshot = NonNullable<Fleet["snapshots"]>[number];

interface FleetOptions {
  readonly now: string;
  readonly clusters: number;
  /** Most are of one kind and region, and there is one of each other: one place is sliced, and the others are parts. */
  readonly lopsided: boolean;
  readonly sound: boolean;
}

export const drawFleet = (dice: Dice, { now, clusters: count, lopsided, sound }: FleetOptions): Fleet => {
  const drawn = Array.from({ length: count }, (_, index) => drawCluster(dice, index, sound));
  const written = lopsided ? drawn.map(lopside) : drawn;
  const clusters = written.flatMap((one, index) => withReader(dice.fork(`reader ${index}`), one, sound));
  return {
    now,
    clusters,
    snapshots: [
      ...clusters.flatMap((cluster) => othersOf(cluster, now)),
      ...orphansOf("gone", now, 6),
      // More than Sweep may take of a set at once, night after night.
      ...(dice.fork("many orphans").chance(0.5) && !sound ? orphansOf("many", now, 16) : []),
    ],
    keys: regions.map((region) => ({ region, alias: backupKey })),
    settings: {
      manualClusterSnapshotsMax: 40 * count + 100,
      redshiftManualSnapshotsMax: 40 * count + 100,
      clustersMax: 1000,
      awsOwnedKeyCopies: dice.fork("AWS-owned").one(["either", "with-key", "without-key"] as const),
      // More than any plan's `copies-in-flight`, which its parts have to keep to by themselves.
      ...(lopsided && { copiesPerDestination: 20 }),
    },
  };
};

/** One of six is a Multi-AZ DB cluster, from the third on; not where all are to be copied. */
const drawCluster = (dice: Dice, index: number, sound: boolean): FleetCluster => {
  const own = dice.fork(`cluster ${index}`);
  const usual = dice.one([
    ...(["aurora-postgresql", "aurora-postgresql", "aurora-mysql", "neptune"] as const),
    ...(["docdb", "redshift"] as const),
  ]);
  const engine = index % 6 === 2 && !sound ? own.one(["postgres", "mysql"] as const) : usual;
  return {
    id: `c${index}`,
    engine,
    region: dice.one(sourceRegions),
    ...keyOf(own, engine, engine === "redshift" ? own.fork("encrypted").chance(0.3) : dice.chance(0.3)),
    sizeGib: dice.between(1, 120),
    tags: {
      backup: dice.chance(0.25) ? "daily ledger" : "daily",
      team: dice.one(["shop", "search"]),
      env: own.one(["prod", "test"]),
      ...drawWishes(own, index, sound),
    },
    ...(engine === "redshift" && copiedByAws),
  };
};

/** Under the account's own key, under AWS's, or under one that AWS owns; or under none. */
const keyOf = (dice: Dice, engine: string, encrypted: boolean): Partial<FleetCluster> => {
  const own = dice.fork("key");
  if (encrypted) return { encrypted, ...(engine !== "redshift" && own.chance(0.5) && { kmsKey: backupKey }) };
  return engine.startsWith("aurora") && own.chance(0.4) ? { awsOwnedKey: true } : {};
};

/** A third of the Aurora clusters are global, with a member of the same tags in the other region that only reads. */
const withReader = (dice: Dice, cluster: FleetCluster, sound: boolean): readonly FleetCluster[] => {
  const { id, engine, region, tags, sizeGib } = cluster;
  if (!engine.startsWith("aurora") || !dice.chance(0.33)) return [cluster];
  // One that only reads where no plan looks at what it reads from is a row of its own.
  if (sound && region !== home) return [cluster];
  const globalCluster = `${id}-world`;
  const to = sourceRegions.find((other) => other !== region) ?? sourceRegions[0];
  const replicationSource = `arn:aws:rds:${region}:${account}:cluster:${id}`;
  const reader = { id: `${id}-reader`, engine, region: to, tags, sizeGib, globalCluster, replicationSource };
  return [{ ...cluster, globalCluster }, reader];
};

const copiedByAws = { snapshotCopy: { destination: copyRegion } };

/** The few that are elsewhere, or of Redshift, where all others are of the RDS family and in the first region. */
const oddOnes: Readonly<Record<number, Pick<FleetCluster, "region" | "engine">>> = {
  1: { region: sourceRegions[1], engine: "docdb" },
  3: { region: sourceRegions[0], engine: "redshift" },
  4: { region: sourceRegions[1], engine: "redshift" },
};

const lopside = ({ snapshotCopy: _, ...cluster }: FleetCluster, index: number): FleetCluster => {
  const engine = cluster.engine === "redshift" ? "aurora-mysql" : cluster.engine;
  const odd = oddOnes[index];
  if (odd === undefined) return { ...cluster, region: sourceRegions[0], engine };
  const own = { ...cluster, ...odd, tags: { ...cluster.tags, [skipTag]: "false" } };
  return odd.engine === "redshift" ? { ...own, ...copiedByAws } : own;
};

/** What others own of a cluster, older than anything that a policy would keep. */
const othersOf = ({ id, region, engine }: FleetCluster, now: string): readonly FleetSnapshot[] => {
  const created = new Date(Date.parse(now) - 400 * 86_400_000).toISOString();
  const base = { region, cluster: id, engine, created };
  const byHand = { ...base, id: `by-hand-${id}` };
  if (engine === "redshift") return [byHand];
  return [
    byHand,
    { ...base, id: `rds:${id}-2025-01-01-00-00`, type: "automated" },
    { ...base, id: `awsbackup:job-${id}`, type: "awsbackup" },
  ];
};

/** What a plan that is there no more has left of clusters that are gone, of either family: the newest is to stay, and the floor. */
const orphansOf = (cluster: string, now: string, count: number): readonly FleetSnapshot[] =>
  (["rds", "redshift"] as const).flatMap((family) =>
    Array.from({ length: count }, (_, nth) => {
      const created = isoSeconds(Date.parse(now) - (60 + nth) * 86_400_000);
      const time = created.replaceAll(/[-:]/g, "").toLowerCase();
      const id = `${cluster}-${family}`;
      return {
        ...{ region: home, cluster: id, engine: family === "rds" ? "docdb" : "redshift", created },
        id: `holdfast-former-${id}-aaaaaaaa-${time}`,
        tags: {
          "holdfast:service": service,
          "holdfast:plan": "former",
          "holdfast:cluster": `arn:aws:${family}:${home}:${account}:cluster:${id}`,
          "holdfast:resource": `resource-${id}`,
          "holdfast:taken-at": created,
          "holdfast:run": `former-${time}`,
          "holdfast:keep": "last=1",
        },
      };
    }),
  );
