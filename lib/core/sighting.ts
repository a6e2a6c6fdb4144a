import { type OwnedSnapshot, ownedBy } from "./ownership.ts";
import type { Snapshot } from "./snapshot.ts";

/** What has to be known of a recovery point to measure ages and keys: a region may have a hundred thousand of them. */
export interface Sighting extends Pick<OwnedSnapshot, "plan" | "resource" | "takenAt" | "source"> {
  readonly snapshot: Pick<Snapshot, "region" | "status" | "kmsKey">;
}

/** Keeps that of each recovery point of the service, and nothing of any other snapshot. What many have alike is one object. */
export const sightingsOf = (service: string): ((snapshot: Snapshot) => Sighting | undefined) => {
  const alike = new Map<string, Sighting["snapshot"]>();
  const share = ({ region, status, kmsKey }: Snapshot): Sighting["snapshot"] => {
    const key = `${region} ${status} ${kmsKey}`;
    const known = alike.get(key) ?? { region, status, ...(kmsKey !== undefined && { kmsKey }) };
    alike.set(key, known);
    return known;
  };
  return (snapshot) => {
    const owned = ownedBy(service, snapshot);
    if (owned?.snapshot.status !== "available") return undefined;
    const { plan, resource, takenAt, source } = owned;
    return { plan, resource, takenAt, ...(source !== undefined && { source }), snapshot: share(snapshot) };
  };
};
