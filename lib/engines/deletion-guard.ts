import { type OwnedSnapshot, ownedBy } from "../core/ownership.ts";
import { arnOf } from "../core/snapshot.ts";
import { BrokenInvariantError, HoldfastError, mayPass } from "../errors.ts";

/**
 * The last look before a deletion, apart from every verdict: ours by tag and by name, manual, not held, in
 * this region. A verdict that names anything else is our own mistake, and nothing at all is deleted.
 */
export const assertDeletable = (service: string, region: string, { snapshot }: OwnedSnapshot): void => {
  const owned = ownedBy(service, snapshot);
  if (owned === undefined || owned.hold !== undefined || snapshot.region !== region) {
    throw new BrokenInvariantError(
      `refusing to delete ${arnOf(snapshot)}: it is not ours to delete in ${region}; nothing was deleted`,
    );
  }
};

/** The last look before a promise on a snapshot is changed: ours by tag and by name, and manual. */
export const assertOurs = (service: string, { snapshot }: OwnedSnapshot): void => {
  if (ownedBy(service, snapshot) === undefined) {
    throw new BrokenInvariantError(
      `refusing to tag ${arnOf(snapshot)}: it is not a snapshot of ${service}; nothing was changed`,
    );
  }
};

/**
 * What a deletion answers with as data: AWS's refusals. Throttling and a lost or empty answer refuse nothing,
 * and fail the call: asked again, it counts as done what is gone by then.
 */
export const refusalIn = (error: unknown): HoldfastError => {
  if (error instanceof HoldfastError && !mayPass(error)) return error;
  throw error;
};
