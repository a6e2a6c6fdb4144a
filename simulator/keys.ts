import { arnOf, type Place, parseArn } from "./arn.ts";
import { stableUuid } from "./stable-id.ts";
import type { RegionStore, World } from "./world.ts";

export type KeyState =
  | "Enabled"
  | "Disabled"
  | "PendingDeletion"
  | "PendingImport"
  | "Unavailable"
  /** A multi-Region key whose primary moves, for some seconds. */
  | "Updating";

export interface KmsKey extends Place {
  readonly id: string;
  readonly arn: string;
  readonly manager: "CUSTOMER" | "AWS";
  readonly createdAt: Date;
  readonly description: string;
  readonly multiRegion: boolean;
  state: KeyState;
  deletionDate?: Date;
}

/**
 * Whether something can be encrypted with a key: `Updating` refuses what manages a key and nothing that uses it (KMS developer
 * guide, "Key states of AWS KMS keys").
 */
export const isUsable = ({ state }: Pick<KmsKey, "state">): boolean =>
  state === "Enabled" || state === "Updating";

/**
 * Finds a key by id, ARN, alias name or alias ARN, as seen from one region: an ARN of another region names
 * nothing that can be used here. An ARN of another account is looked up there.
 */
export const findKey = (world: World, store: RegionStore, reference: string): KmsKey | undefined => {
  const arn = parseArn(reference);
  if (arn && arn.region !== store.region) return undefined;
  const home = arn ? world.store(arn.region, arn.account) : store;
  const name = arn ? (arn.type === "alias" ? `alias/${arn.id}` : arn.id) : reference;
  return home.keys.get(name.startsWith("alias/") ? (home.aliases.get(name) ?? "") : name);
};

/** The key AWS keeps for a service (`aws/rds`), made when first needed. */
export const managedKey = (store: RegionStore, service: string, createdAt: Date): KmsKey => {
  const alias = `alias/aws/${service}`;
  const held = store.keys.get(store.aliases.get(alias) ?? "");
  if (held) return held;
  return addKey(store, {
    id: managedKeyId(store, service),
    alias,
    manager: "AWS",
    createdAt,
    description: `Default key that protects my ${service.toUpperCase()} data when no other key is defined`,
  });
};

/** The id which that key has or will get. */
export const managedKeyId = ({ account, region }: Place, service: string): string =>
  stableUuid(account, region, `alias/aws/${service}`);

export interface NewKey {
  readonly id: string;
  readonly alias?: string | undefined;
  readonly state?: KeyState | undefined;
  readonly manager?: "CUSTOMER" | "AWS" | undefined;
  readonly createdAt: Date;
  readonly description?: string | undefined;
  readonly multiRegion?: boolean | undefined;
}

export const addKey = (store: RegionStore, key: NewKey): KmsKey => {
  const { account, region } = store;
  const held: KmsKey = {
    account,
    region,
    id: key.id,
    arn: arnOf("kms", store, `key/${key.id}`),
    manager: key.manager ?? "CUSTOMER",
    createdAt: key.createdAt,
    description: key.description ?? "",
    multiRegion: key.multiRegion ?? false,
    state: key.state ?? "Enabled",
  };
  store.keys.set(key.id, held);
  if (key.alias) store.aliases.set(key.alias, key.id);
  return held;
};
