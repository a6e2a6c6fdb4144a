import { parseArn } from "../arn.ts";
import type { Question } from "../iam.ts";
import type { Call } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import type { CopyGrant, RedshiftCluster, RedshiftSnapshot } from "../redshift-records.ts";
import { tagContext } from "../tag-context.ts";
import type { RegionStore } from "../world.ts";
import { redshiftFault } from "./errors.ts";

/** Anything of Redshift that can carry tags, under the type its ARN and DescribeTags name. */
export type TaggedResource =
  | { readonly type: "cluster"; readonly record: RedshiftCluster }
  | { readonly type: "snapshot"; readonly record: RedshiftSnapshot }
  | { readonly type: "snapshotcopygrant"; readonly record: CopyGrant };

/** Every resource of one account and region that can carry tags, in order of ARN. */
export const taggableResources = (store: RegionStore): readonly TaggedResource[] =>
  [
    ...[...store.redshiftClusters.values()].map((record) => ({ type: "cluster" as const, record })),
    ...[...store.redshiftSnapshots.values()].map((record) => ({ type: "snapshot" as const, record })),
    ...[...store.copyGrants.values()].map((record) => ({ type: "snapshotcopygrant" as const, record })),
  ].sort((a, b) => (a.record.arn < b.record.arn ? -1 : 1));

/** The caller's resource in the called region by its whole ARN; throws ResourceNotFoundFault. */
export const findTaggable = ({ store }: Call, arn: string): TaggedResource => {
  const { service, type = "" } = parseArn(arn) ?? {};
  if (service !== "redshift" || !["cluster", "snapshot", "snapshotcopygrant"].includes(type)) {
    throw commonError("InvalidParameterValue", malformed(arn));
  }
  const found = taggableResources(store).find(({ record }) => record.arn === arn);
  if (found) return found;
  throw redshiftFault("ResourceNotFoundFault", `${type} (${parseArn(arn)?.id}) not found.`);
};

/** Asks on the resource an ARN names; what is no ARN of Redshift's is refused without asking. */
export const onTaggable = (store: RegionStore, arn: string): readonly Question[] => {
  if (parseArn(arn)?.service !== "redshift") return [];
  const tags = taggableResources(store).find(({ record }) => record.arn === arn)?.record.tags;
  return [{ resource: arn, context: tagContext(tags, ["aws:ResourceTag"]) }];
};

const malformed = (arn: string): string =>
  `Tagging is not supported for this type of resource: '${arn}' (the ARN is potentially malformed, please check the ARN documentation for more information)`;
