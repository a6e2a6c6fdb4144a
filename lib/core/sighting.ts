import { type OwnedSnapshot, ownedBy } from "./ownership.ts";
import type { Snapshot } from "./snapshot.ts";

/** As much of a recovery point as it takes to measure ages and keys: a region may have a hundred thousand of them. */
export interface Sighting extends Pick<OwnedSnapshot, "plan" | "resource" | "takenAt" | "source"> {
  readonly snapshot: Pick<Snapshot, "region" | "status" | "kmsKey">;
}

/**
 * Makes a sighting of each recovery point of the service, and nothing of any other snapshot. What many of them have alike
 * is held in memory once.
 */
export const sightingsOf = (service: string): ((snapshot: Snapshot) => Sighting | undefined) => {
  const word = once<string>();
  const alike = once<Sighting["snapshot"]>();
  return (snapshot) => {
    const owned = ownedBy(service, snapshot);
    if (owned?.snapshot.status !== "available") return undefined;
    const { takenAt, source } = owned;
    const { region, status, kmsKey } = snapshot;
    return {
      plan: word(owned.plan, owned.plan),
      resource: word(owned.resource, owned.resource),
      takenAt,
      ...(source !== undefined && { source }),
      snapshot: alike(`${region} ${kmsKey}`, { region, status, ...(kmsKey !== undefined && { kmsKey }) }),
    };
  };
};

/** Answers for each value the first one that came under the same key. */
const once = <T>(): ((key: string, value: T) => T) => {
  const held = new Map<string, T>();
  return (key, value) => {
    const known = held.get(key);
    if (known === undefined) held.set(key, value);
    return known ?? value;
  };
};
