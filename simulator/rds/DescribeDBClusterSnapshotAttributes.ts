import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { findOwnSnapshot } from "./lookup.ts";
import { onSnapshot } from "./questions.ts";
import { attributesShape } from "./snapshot-attributes.ts";

export const operation = defineOperation({
  name: "DescribeDBClusterSnapshotAttributes",
  input: { DBClusterSnapshotIdentifier: required(text) },
  permissions: ({ DBClusterSnapshotIdentifier }, { store }) => [
    onSnapshot(store, DBClusterSnapshotIdentifier),
  ],
  run: (input, call) => attributesShape(findOwnSnapshot(call, input.DBClusterSnapshotIdentifier)),
});
