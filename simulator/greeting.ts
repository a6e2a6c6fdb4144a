import type { Simulator } from "./simulator.ts";
import { type Account, defaultAccount } from "./world.ts";

interface Served {
  readonly simulator: Simulator;
  readonly fleet?: string | undefined;
  readonly speed: number;
}

/** What is printed once the simulator serves, in 80 columns; a path may be longer. */
export const greeting = ({ simulator, fleet, speed }: Served): string => {
  const { clusters, snapshots, regions } = counts(simulator);
  const held = `${clusters} clusters and ${snapshots} snapshots in ${regions} regions`;
  const pace = speed === 1 ? "in real time" : `${speed} times as fast as real time`;
  return [
    `A simulated AWS serves at ${simulator.endpoint} until Ctrl-C.`,
    "",
    fleet === undefined ? "  Fleet        none: the account is empty" : `  Fleet        ${fleet}`,
    ...(fleet === undefined ? [] : [`               ${held}`]),
    `  Clock        ${simulator.clock.now().toISOString()}, runs ${pace}`,
    ...accounts(simulator).flatMap(credentials),
    "",
    "Try it:",
    "",
    example(simulator),
  ].join("\n");
};

/** The same for programs. */
export const greetingJson = ({ simulator, fleet, speed }: Served): string =>
  JSON.stringify({
    endpoint: simulator.endpoint,
    region: sample(simulator).region,
    account: defaultAccount.id,
    accessKeyId: defaultAccount.accessKeyId,
    secretAccessKey: defaultAccount.secretAccessKey,
    fleet: fleet ?? null,
    ...counts(simulator),
    now: simulator.clock.now().toISOString(),
    speed,
  });

const counts = ({ world }: Simulator) => {
  const stores = world.stores();
  const sum = (sizes: readonly number[]) => sizes.reduce((held, size) => held + size, 0);
  return {
    clusters: sum(stores.flatMap((store) => [store.clusters.size, store.redshiftClusters.size])),
    snapshots: sum(stores.flatMap((store) => [store.clusterSnapshots.size, store.redshiftSnapshots.size])),
    regions: new Set(stores.map(({ region }) => region)).size,
  };
};

const accounts = ({ world }: Simulator): readonly Account[] => [...world.accounts.values()];

const credentials = ({ id, accessKeyId, secretAccessKey }: Account): readonly string[] => [
  `  Account      ${id}`,
  `  Access key   ${accessKeyId}`,
  `  Secret key   ${secretAccessKey}`,
];

// A region and service in which the example shows something.
const sample = ({ world }: Simulator): { region: string; service: "rds" | "redshift" } => {
  const own = world.stores().filter(({ account }) => account === defaultAccount.id);
  const inRds = own.find(({ clusters }) => clusters.size > 0);
  const inRedshift = own.find(({ redshiftClusters }) => redshiftClusters.size > 0);
  if (!inRds && inRedshift) return { region: inRedshift.region, service: "redshift" };
  return { region: inRds?.region ?? "us-east-1", service: "rds" };
};

const queries = {
  rds: ["rds describe-db-clusters", "DBClusters[].[DBClusterIdentifier,Engine,Status]"],
  redshift: ["redshift describe-clusters", "Clusters[].[ClusterIdentifier,NodeType,ClusterStatus]"],
} as const;

const example = (simulator: Simulator): string => {
  const { region, service } = sample(simulator);
  const [command, query] = queries[service];
  return [
    `  AWS_ACCESS_KEY_ID=${defaultAccount.accessKeyId} AWS_SECRET_ACCESS_KEY=${defaultAccount.secretAccessKey}`,
    `  aws --endpoint-url ${simulator.endpoint} --region ${region}`,
    `  ${command} --output table`,
    `  --query '${query}'`,
  ].join(" \\\n");
};
