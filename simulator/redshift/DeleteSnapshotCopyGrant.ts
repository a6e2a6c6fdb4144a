import { type Call, defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { redshiftFault } from "./errors.ts";
import { findGrant } from "./lookup.ts";
import { onGrant } from "./questions.ts";

export const operation = defineOperation({
  name: "DeleteSnapshotCopyGrant",
  input: { SnapshotCopyGrantName: required(text) },
  permissions: ({ SnapshotCopyGrantName }, { store }) => [onGrant(store, SnapshotCopyGrantName)],
  run: ({ SnapshotCopyGrantName }, call) => {
    const { name } = findGrant(call.store, SnapshotCopyGrantName);
    if (isUsed(call, name)) {
      throw redshiftFault(
        "InvalidSnapshotCopyGrantStateFault",
        "The snapshot copy grant can't be deleted because it is used by one or more clusters.",
      );
    }
    call.store.copyGrants.delete(name);
    return undefined;
  },
});

// The clusters that use a grant are in other regions, and send their copies to the one the grant is in.
const isUsed = ({ world, account, region }: Call, name: string): boolean =>
  world
    .stores()
    .filter((store) => store.account === account)
    .flatMap(({ redshiftClusters }) => [...redshiftClusters.values()])
    .some(
      ({ snapshotCopy }) => snapshotCopy?.destinationRegion === region && snapshotCopy.grantName === name,
    );
