import { arnOf } from "../arn.ts";
import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, type Read, required, structure, text } from "../protocol/shape.ts";
import { type DbClusterSnapshot, isMultiAzEngine } from "../rds-records.ts";
import { beginSnapshotWork } from "../snapshot-work.ts";
import { type Tags, tagsShape } from "../tags.ts";
import { keyOfCopy } from "./copy-key.ts";
import { copyQuestions } from "./copy-questions.ts";
import { checkCopyUrl } from "./copy-url.ts";
import { rdsFault } from "./errors.ts";
import { newIdentifier } from "./identifiers.ts";
import { findSnapshot } from "./lookup.ts";
import { assertRoomForCopy, assertRoomForSnapshot } from "./quota.ts";
import { snapshotShape } from "./snapshot-shape.ts";
import { assertNoReservedTags, readTags } from "./tagging.ts";
import { assertFree } from "./take-snapshot.ts";

const input = {
  SourceDBClusterSnapshotIdentifier: required(text),
  TargetDBClusterSnapshotIdentifier: required(text),
  KmsKeyId: text,
  PreSignedUrl: text,
  CopyTags: boolean,
  Tags: tagsShape,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "CopyDBClusterSnapshot",
  input,
  permissions: (input, call) => copyQuestions(call, input),
  run: (input, call) => {
    const id = newIdentifier("TargetDBClusterSnapshotIdentifier", input.TargetDBClusterSnapshotIdentifier);
    const source = findSnapshot(call, input.SourceDBClusterSnapshotIdentifier);
    assertFree(call.store.clusterSnapshots, id);
    assertCopyable(source);
    const tags = tagsOfCopy(call, source, input);
    const kmsKeyArn = keyOfCopy(call, source, input.KmsKeyId);
    checkCopyUrl(call, source, input);
    assertRoomForSnapshot(call);
    if (source.region !== call.region) assertRoomForCopy(call);
    const copy = beginCopy(call, { source, id, tags, kmsKeyArn });
    return { DBClusterSnapshot: snapshotShape(copy, call.world.settings) };
  },
});

const assertCopyable = ({ id, status, engine }: DbClusterSnapshot): void => {
  if (status !== "available") {
    throw rdsFault(
      "InvalidDBClusterSnapshotStateFault",
      `The source snapshot ${id} must be in the available state, but it is in the ${status} state.`,
    );
  }
  if (!isMultiAzEngine(engine)) return;
  // A guess: the user guide says that these cannot be copied, and no answer was ever seen.
  throw commonError("InvalidParameterCombination", "Snapshots of Multi-AZ DB clusters cannot be copied.");
};

// Tags given with the request keep CopyTags from having any effect.
const tagsOfCopy = ({ world }: Call, source: DbClusterSnapshot, { Tags, CopyTags }: Input): Tags => {
  const given = readTags(Tags, { max: world.settings.tagsPerResourceMax });
  if (given.size > 0 || !CopyTags) return given;
  assertNoReservedTags(source.tags);
  return new Map(source.tags);
};

interface NewCopy {
  readonly source: DbClusterSnapshot;
  readonly id: string;
  readonly tags: Tags;
  readonly kmsKeyArn: string | undefined;
}

// The create time stays the source's, also across regions, as recorded answers show; the type is always
// manual, so a copy never expires by itself.
const beginCopy = (
  { world, store, now }: Call,
  { source, id, tags, kmsKeyArn }: NewCopy,
): DbClusterSnapshot => {
  const copy: DbClusterSnapshot = {
    ...source,
    region: store.region,
    account: store.account,
    id,
    arn: arnOf("rds", store, `cluster-snapshot:${id}`),
    type: "manual",
    kmsKeyArn,
    encrypted: kmsKeyArn !== undefined,
    awsOwnedKey: kmsKeyArn === undefined && source.awsOwnedKey,
    sourceArn: source.arn,
    startedAt: now,
    status: "copying",
    percent: 0,
    tags,
    sharedWith: [],
  };
  store.clusterSnapshots.set(id, copy);
  const atOnce = source.region === store.region && world.settings.sameRegionCopies === "at-once";
  const work = { kind: "copy", startedAt: now, dependsOn: source.arn } as const;
  beginSnapshotWork(world, copy, atOnce ? { ...work, seconds: 0 } : work);
  return copy;
};
