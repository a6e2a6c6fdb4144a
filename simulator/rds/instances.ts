import { arnOf, type Place } from "../arn.ts";
import type { Call } from "../operation.ts";
import type { DbCluster, DbClusterMember } from "../rds-records.ts";
import type { RegionStore } from "../world.ts";
import { rdsFault } from "./errors.ts";
import { readReference } from "./identifiers.ts";

/** A cluster's instance; instances without a cluster are not simulated. */
export interface Instance {
  readonly cluster: DbCluster;
  readonly member: DbClusterMember;
}

/** All instances of a region, in order of id. */
export const instancesIn = ({ clusters }: RegionStore): readonly Instance[] =>
  [...clusters.values()]
    .flatMap((cluster) => cluster.members.map((member) => ({ cluster, member })))
    .sort((a, b) => (a.member.id < b.member.id ? -1 : 1));

/** The caller's instance in the called region, by id or ARN; throws DBInstanceNotFoundFault. */
export const findInstance = ({ store }: Call, given: string): Instance => {
  const { id, region = store.region, account = store.account } = readReference(given);
  const here = region === store.region && account === store.account;
  const found = here ? instancesIn(store).find(({ member }) => member.id === id) : undefined;
  if (!found) throw rdsFault("DBInstanceNotFoundFault", `DBInstance ${given} not found.`);
  return found;
};

export const instanceArn = (place: Place, id: string): string => arnOf("rds", place, `db:${id}`);

/** The status of a cluster that is stopped, or on its way, is that of its instances as well. */
export const instanceStatus = ({ cluster, member }: Instance): string => {
  if (member.status !== undefined) return member.status;
  return shared.includes(cluster.status) ? cluster.status : "available";
};

const shared = ["creating", "starting", "stopping", "stopped", "deleting"];

export const setMember = (cluster: DbCluster, id: string, change: Partial<DbClusterMember>): void => {
  cluster.members = cluster.members.map((member) => (member.id === id ? { ...member, ...change } : member));
};

/** Takes an instance away; where it was the writer, another one takes over. */
export const removeMember = (cluster: DbCluster, id: string): void => {
  const left = cluster.members.filter((member) => member.id !== id);
  const writerGone = cluster.members.length > left.length && !left.some(({ writer }) => writer);
  const promotes = writerGone && cluster.replicationSourceArn === undefined;
  cluster.members = left.map((member, index) =>
    promotes && index === 0 ? { ...member, writer: true } : member,
  );
};
