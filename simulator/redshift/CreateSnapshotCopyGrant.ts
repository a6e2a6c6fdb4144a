import { arnOf } from "../arn.ts";
import { onKey } from "../key-questions.ts";
import { findKey } from "../keys.ts";
import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import type { CopyGrant } from "../redshift-records.ts";
import { tagsShape } from "../tags.ts";
import { encryptionKey } from "./encryption-key.ts";
import { redshiftFault } from "./errors.ts";
import { grantShape } from "./grant-shape.ts";
import { assertIdentifier } from "./identifiers.ts";
import { onGrant, onNew } from "./questions.ts";
import { readTags } from "./tagging.ts";

export const operation = defineOperation({
  name: "CreateSnapshotCopyGrant",
  input: { SnapshotCopyGrantName: required(text), KmsKeyId: text, Tags: tagsShape },
  permissions: ({ SnapshotCopyGrantName, KmsKeyId, Tags }, call) => [
    ...onNew(onGrant(call.store, SnapshotCopyGrantName), Tags),
    ...(KmsKeyId ? onKey(call, findKey(call.world, call.store, KmsKeyId), { service: "redshift" }) : []),
  ],
  run: (input, call) => {
    const { world, store } = call;
    const name = input.SnapshotCopyGrantName;
    assertIdentifier("SnapshotCopyGrantName", name);
    const tags = readTags(input.Tags, { max: world.settings.tagsPerResourceMax });
    if (store.copyGrants.has(name)) throw alreadyExists(name);
    const grant: CopyGrant = {
      region: store.region,
      account: store.account,
      name,
      arn: arnOf("redshift", store, `snapshotcopygrant:${name}`),
      kmsKeyArn: encryptionKey(call, input.KmsKeyId),
      tags,
    };
    store.copyGrants.set(name, grant);
    return { SnapshotCopyGrant: grantShape(grant) };
  },
});

const alreadyExists = (name: string) =>
  redshiftFault(
    "SnapshotCopyGrantAlreadyExistsFault",
    `Cannot create the snapshot copy grant because a grant with the identifier '${name}' already exists`,
  );
