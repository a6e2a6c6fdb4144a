import type { Place } from "./arn.ts";
import type { Clock } from "./clock.ts";
import type { KmsKey } from "./keys.ts";
import type { DbCluster, DbClusterSnapshot } from "./rds-records.ts";
import type { CopyGrant, RedshiftCluster, RedshiftSnapshot } from "./redshift-records.ts";
import type { Settings } from "./settings.ts";
import type { Execution, StateMachine } from "./states-records.ts";
import type { Works } from "./work.ts";

/** Everything one account holds in one region. Keys of the maps are ids, not ARNs. */
export interface RegionStore extends Place {
  /** RDS, Neptune and DocumentDB together: they share one control plane. Ids are lower case. */
  readonly clusters: Map<string, DbCluster>;
  readonly clusterSnapshots: Map<string, DbClusterSnapshot>;
  readonly redshiftClusters: Map<string, RedshiftCluster>;
  readonly redshiftSnapshots: Map<string, RedshiftSnapshot>;
  readonly copyGrants: Map<string, CopyGrant>;
  readonly keys: Map<string, KmsKey>;
  /** `alias/name` -> key id */
  readonly aliases: Map<string, string>;
  /** Entries taken by PutEvents. */
  readonly events: PutEvent[];
  readonly stateMachines: Map<string, StateMachine>;
  /** `machine:name` -> execution */
  readonly executions: Map<string, Execution>;
}

export interface PutEvent {
  readonly at: Date;
  readonly id: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
}

export interface Account {
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The whole state. Tests may read and change all of it. */
export interface World {
  readonly clock: Clock;
  readonly settings: Settings;
  /** By access key id; several keys may belong to one account. */
  readonly accounts: Map<string, Account>;
  /** What is in progress on the virtual clock. */
  readonly works: Works;
  /** The store of a region, made when first asked for; the account defaults to the simulator's own. */
  store(region: string, account?: string): RegionStore;
  stores(): readonly RegionStore[];
}

export const defaultAccount: Account = {
  id: "123456789012",
  accessKeyId: "simulator",
  secretAccessKey: "simulator",
};

export const createWorld = (clock: Clock, settings: Settings, works: Works): World => {
  const stores = new Map<string, RegionStore>();
  return {
    clock,
    settings,
    works,
    accounts: new Map([[defaultAccount.accessKeyId, defaultAccount]]),
    store: (region, account = defaultAccount.id) => {
      const name = `${account}/${region}`;
      const held = stores.get(name) ?? emptyStore({ account, region });
      stores.set(name, held);
      return held;
    },
    stores: () => [...stores.values()],
  };
};

const emptyStore = (place: Place): RegionStore => ({
  ...place,
  clusters: new Map(),
  clusterSnapshots: new Map(),
  redshiftClusters: new Map(),
  redshiftSnapshots: new Map(),
  copyGrants: new Map(),
  keys: new Map(),
  aliases: new Map(),
  events: [],
  stateMachines: new Map(),
  executions: new Map(),
});
