import { arnOf } from "../arn.ts";
import type { Question } from "../iam.ts";
import { type Call, defineOperation } from "../operation.ts";
import { integer, type Read, required, structure, text } from "../protocol/shape.ts";
import type { RedshiftSnapshot } from "../redshift-records.ts";
import type { RegionStore } from "../world.ts";
import { redshiftFault } from "./errors.ts";
import { assertIdentifier } from "./identifiers.ts";
import { findOwnSnapshot } from "./lookup.ts";
import { onSnapshot } from "./questions.ts";
import { assertRoomForSnapshot } from "./quota.ts";
import { assertManualRetention } from "./retention.ts";
import { snapshotShape } from "./snapshot-shape.ts";
import { assertFree, beginCreation } from "./take-snapshot.ts";

const input = {
  SourceSnapshotIdentifier: required(text),
  SourceSnapshotClusterIdentifier: text,
  TargetSnapshotIdentifier: required(text),
  ManualSnapshotRetentionPeriod: integer,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

export const operation = defineOperation({
  name: "CopyClusterSnapshot",
  input,
  permissions: (input, { store }) => copyQuestions(store, input),
  run: (input, call) => {
    const { ManualSnapshotRetentionPeriod: retentionPeriod = -1 } = input;
    const id = input.TargetSnapshotIdentifier;
    assertIdentifier("SnapshotIdentifier", id);
    assertManualRetention(retentionPeriod);
    const { SourceSnapshotIdentifier, SourceSnapshotClusterIdentifier } = input;
    const source = findOwnSnapshot(call, SourceSnapshotIdentifier, SourceSnapshotClusterIdentifier);
    assertCopyable(call, source);
    assertFree(call.store, id);
    assertRoomForSnapshot(call.world, call.store);
    const copy = beginCopy(call, source, { id, retentionPeriod });
    return { Snapshot: snapshotShape(copy, call.world.settings, call.now) };
  },
});

// The reference lists the type snapshot once; that AWS asks on the new one too is a guess, as for RDS.
const copyQuestions = (store: RegionStore, input: Input): readonly Question[] =>
  [input.SourceSnapshotIdentifier, input.TargetSnapshotIdentifier].map((SnapshotIdentifier) =>
    onSnapshot(store, {
      SnapshotIdentifier,
      SnapshotClusterIdentifier: input.SourceSnapshotClusterIdentifier,
    }),
  );

// Manual snapshots cannot be copied at all: into another region AWS copies them by the cluster's setting. The
// latest automated one cannot be copied either while its cluster is paused.
const assertCopyable = ({ store }: Call, { id, type, status, clusterId }: RedshiftSnapshot): void => {
  const refuse = (why: string) =>
    redshiftFault("InvalidClusterSnapshotStateFault", `Cannot copy the snapshot ${id} because ${why}`);
  if (type !== "automated") throw refuse("only automated snapshots may be copied");
  if (status !== "available") throw refuse(`it is in the ${status} state`);
  if (store.redshiftClusters.get(clusterId)?.status !== "paused") return;
  const automated = [...store.redshiftSnapshots.values()].filter(
    (snapshot) => snapshot.type === "automated" && snapshot.clusterId === clusterId,
  );
  const latest = automated.toSorted((a, b) => b.createTime.getTime() - a.createTime.getTime())[0];
  if (latest?.id === id) throw refuse("its cluster is paused");
};

interface NewCopy {
  readonly id: string;
  readonly retentionPeriod: number;
}

// Tags stay behind: the operation has no parameter for them, and that it would inherit any is not documented.
// The create time stays the source's, which is a guess after the copies of RDS.
const beginCopy = (
  { world, store, now }: Call,
  source: RedshiftSnapshot,
  { id, retentionPeriod }: NewCopy,
): RedshiftSnapshot => {
  const copy: RedshiftSnapshot = {
    ...source,
    id,
    arn: arnOf("redshift", store, `snapshot:${source.clusterId}/${id}`),
    type: "manual",
    startedAt: now,
    finishedAt: undefined,
    status: "creating",
    percent: 0,
    tags: new Map(),
    retentionPeriod,
    sharedWith: [],
  };
  store.redshiftSnapshots.set(id, copy);
  // AWS's own example of this operation shows the copy available in the answer.
  beginCreation(world, copy, {
    now,
    ...(world.settings.sameRegionCopies === "at-once" && { seconds: 0 }),
  });
  return copy;
};
