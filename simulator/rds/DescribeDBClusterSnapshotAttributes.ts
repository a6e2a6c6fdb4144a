import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { findOwnSnapshot } from "./lookup.ts";
import { attributesShape } from "./snapshot-attributes.ts";

export const operation = defineOperation({
  name: "DescribeDBClusterSnapshotAttributes",
  input: { DBClusterSnapshotIdentifier: required(text) },
  run: (input, call) => attributesShape(findOwnSnapshot(call, input.DBClusterSnapshotIdentifier)),
});
