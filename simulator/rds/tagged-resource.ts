import { type Arn, parseArn } from "../arn.ts";
import type { Question } from "../iam.ts";
import type { Call } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import type { Tags } from "../tags.ts";
import type { RegionStore } from "../world.ts";
import { rdsFault } from "./errors.ts";
import { instancesIn } from "./instances.ts";
import { isResourceKind, onResource } from "./questions.ts";

/** Anything whose tags can be read and set. */
export interface Taggable {
  tags: Tags;
}

type Finder = (call: Call, id: string) => Taggable | undefined;

const findMember: Finder = ({ store }, id) => {
  const member = instancesIn(store).find((instance) => instance.member.id === id)?.member;
  return (
    member && {
      get tags() {
        return member.tags ?? new Map();
      },
      set tags(tags) {
        member.tags = tags;
      },
    }
  );
};

const kinds: Readonly<Record<string, { find: Finder; fault: Parameters<typeof rdsFault>[0]; name: string }>> =
  {
    cluster: {
      find: ({ store }, id) => store.clusters.get(id),
      fault: "DBClusterNotFoundFault",
      name: "DBCluster",
    },
    // The three tag operations model no fault for cluster snapshots; which one AWS answers is not known.
    "cluster-snapshot": {
      find: ({ store }, id) => store.clusterSnapshots.get(id),
      fault: "DBClusterSnapshotNotFoundFault",
      name: "DBClusterSnapshot",
    },
    db: { find: findMember, fault: "DBInstanceNotFoundFault", name: "DBInstance" },
    snapshot: { find: () => undefined, fault: "DBSnapshotNotFoundFault", name: "DBSnapshot" },
  };

/** The resource an ARN names, in the called region and the caller's account; throws NotFound of its kind. */
export const findTaggable = (call: Call, resourceName: string): Taggable => {
  const arn = ownArn(call, resourceName);
  const kind = Object.hasOwn(kinds, arn.type) ? kinds[arn.type] : undefined;
  if (!kind) throw invalid(`Invalid resource name: ${resourceName}`);
  const found = kind.find(call, arn.id.toLowerCase());
  if (!found) throw rdsFault(kind.fault, `${kind.name} ${arn.id} not found.`);
  return found;
};

const ownArn = ({ region, account }: Call, resourceName: string): Arn => {
  const arn = parseArn(resourceName);
  if (arn?.service !== "rds") throw invalid(`Invalid resource name: ${resourceName}`);
  if (arn.region === region && arn.account === account) return arn;
  throw invalid("The specified resource name does not match an RDS resource in this region.");
};

/** Asks on the resource an ARN names; what is no ARN of a taggable kind is refused without asking. */
export const onTaggable = (store: RegionStore, resourceName: string): readonly Question[] => {
  const { service, type = "" } = parseArn(resourceName) ?? {};
  return service === "rds" && isResourceKind(type) ? [onResource(type, store, resourceName)] : [];
};

const invalid = (message: string) => commonError("InvalidParameterValue", message);
