import type { CopyGrant } from "../redshift-records.ts";
import { tagList } from "../tags.ts";

/** A snapshot copy grant as Redshift answers it. */
export const grantShape = ({ name, kmsKeyArn, tags }: CopyGrant) => ({
  SnapshotCopyGrantName: name,
  KmsKeyId: kmsKeyArn,
  Tags: tagList(tags),
});
