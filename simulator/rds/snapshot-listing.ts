import type { Call } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";

interface ListingInput {
  readonly SnapshotType: string | undefined;
  readonly IncludeShared: boolean | undefined;
  readonly IncludePublic: boolean | undefined;
}

type Test = (snapshot: DbClusterSnapshot) => boolean;

interface Wanted {
  readonly test: Test;
  /** The identifiers that those wanted have, where that is known: nothing else is looked through then. */
  readonly ids?: ReadonlySet<string> | undefined;
}

/**
 * The snapshots of the called region that a listing covers, by type and sharing, and that are wanted; in no order.
 * In one go, since every page of a large account comes by here.
 */
export const visibleSnapshots = (
  call: Call,
  input: ListingInput,
  { test, ids }: Wanted,
): readonly DbClusterSnapshot[] => {
  const covered = coverage(call.account, input);
  const latest = call.now.getTime() - call.world.settings.listingDelaySeconds * 1000;
  const found: DbClusterSnapshot[] = [];
  for (const { region, clusterSnapshots } of call.world.stores()) {
    if (region !== call.region) continue;
    const some = ids ? [...ids].flatMap((id) => clusterSnapshots.get(id) ?? []) : clusterSnapshots.values();
    for (const snapshot of some)
      if (test(snapshot) && covered(snapshot) && snapshot.startedAt.getTime() <= latest) found.push(snapshot);
  }
  return found;
};

const coverage = (account: string, { SnapshotType, IncludeShared, IncludePublic }: ListingInput): Test => {
  const own: Test = (snapshot) => snapshot.account === account;
  const shared: Test = (snapshot) => !own(snapshot) && snapshot.sharedWith.includes(account);
  const open: Test = (snapshot) => !own(snapshot) && snapshot.sharedWith.includes("all");
  switch (SnapshotType ?? "") {
    case "":
      return (snapshot) =>
        own(snapshot) ||
        (IncludeShared === true && shared(snapshot)) ||
        (IncludePublic === true && open(snapshot));
    // With either of these IncludeShared and IncludePublic have no effect.
    case "manual":
    case "automated":
      return (snapshot) => own(snapshot) && snapshot.type === SnapshotType;
    case "shared":
      return shared;
    case "public":
      return open;
    default:
      throw commonError("InvalidParameterValue", `Unrecognized snapshot type: ${SnapshotType}`);
  }
};
