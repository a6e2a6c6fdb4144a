import { parseArn } from "../arn.ts";
import type { Question } from "../iam.ts";
import { onKey } from "../key-questions.ts";
import type { Call } from "../operation.ts";
import { readQuery } from "../protocol/read-query.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import { type TagInput, tagsShape } from "../tags.ts";
import { keysOfCopy } from "./copy-key.ts";
import { type CopyInput, signedCopy } from "./copy-url.ts";
import { seeSnapshot } from "./lookup.ts";
import { addingTags, inheritingTags, onSnapshot, withRequestTags } from "./questions.ts";

interface TaggedCopyInput extends CopyInput {
  readonly CopyTags: boolean | undefined;
  readonly Tags: TagInput | undefined;
}

/**
 * What copying a cluster snapshot asks. The reference lists one resource type, cluster-snapshot; that both the
 * target and the source must be allowed is an inference.
 */
export const copyQuestions = (call: Call, input: TaggedCopyInput): readonly Question[] => {
  const source = onSnapshot(call.store, input.SourceDBClusterSnapshotIdentifier);
  const target = onSnapshot(call.store, input.TargetDBClusterSnapshotIdentifier);
  const snapshot = seeSnapshot(call, input.SourceDBClusterSnapshotIdentifier);
  return [
    withRequestTags(target, input.Tags),
    withRequestTags(source, input.Tags),
    ...(input.Tags?.length
      ? addingTags(target, input.Tags)
      : inheritingTags(target, input.CopyTags ? snapshot?.tags : undefined)),
    ...acrossRegions(call, source),
    ...(snapshot ? [...inSourceRegion(call, snapshot, input), ...onKeys(call, snapshot, input)] : []),
  ];
};

// A permission without an operation, for whatever one region asks of another.
const acrossRegions = ({ region }: Call, source: Question): readonly Question[] =>
  parseArn(source.resource)?.region === region ? [] : [{ ...source, action: "rds:CrossRegionCommunication" }];

// The URL is a request of its own, to the source region and by whoever signed it, which need not be the caller.
// There the source's tags are known. How AWS answers where it is refused was never seen; this says access denied.
const inSourceRegion = (call: Call, snapshot: DbClusterSnapshot, input: CopyInput): readonly Question[] => {
  const signed = signedCopy(call, snapshot, input);
  if (!signed) return [];
  const question = onSnapshot(call.world.store(signed.region, signed.account), snapshot.arn);
  const { Tags } = readQuery({ Tags: tagsShape }, signed.parameters);
  return [{ ...withRequestTags(question, Tags), principal: signed }];
};

const onKeys = (call: Call, snapshot: DbClusterSnapshot, { KmsKeyId }: CopyInput): readonly Question[] =>
  keysOfCopy(call, snapshot, KmsKeyId).flatMap(({ key, refusal }) =>
    onKey(call, key, { service: "rds", refusal }),
  );
