import { type Call, defineOperation } from "../operation.ts";
import { AwsError } from "../protocol/errors.ts";
import { list, required, structure, text } from "../protocol/shape.ts";
import { elements } from "../protocol/xml.ts";
import { redshiftFault } from "./errors.ts";
import { onSnapshot } from "./questions.ts";
import { type NamedSnapshot, removeSnapshot } from "./remove-snapshot.ts";

const named = structure({ SnapshotIdentifier: required(text), SnapshotClusterIdentifier: text });

const batchMax = 100;

export const operation = defineOperation({
  name: "BatchDeleteClusterSnapshots",
  input: { Identifiers: required(list("DeleteClusterSnapshotMessage", named)) },
  // One that is refused refuses the whole batch: a denial is no failure of an item.
  permissions: ({ Identifiers }, { store }) => Identifiers.map((named) => onSnapshot(store, named)),
  run: ({ Identifiers }, call) => {
    if (Identifiers.length > batchMax) {
      throw redshiftFault(
        "BatchDeleteRequestSizeExceededFault",
        `The maximum number of snapshots to delete in a batch is ${batchMax}.`,
      );
    }
    // What could not be deleted does not make the request fail: the answer is 200 and lists it under Errors.
    const results = Identifiers.map((identifier) => ({ identifier, error: tryToRemove(call, identifier) }));
    return {
      Resources: elements(
        "String",
        results.filter(({ error }) => !error).map(({ identifier }) => identifier.SnapshotIdentifier),
      ),
      Errors: elements(
        "SnapshotErrorMessage",
        results.flatMap(({ identifier, error }) => (error ? [errorMessage(identifier, error)] : [])),
      ),
    };
  },
});

const tryToRemove = (call: Call, identifier: NamedSnapshot): AwsError | undefined => {
  try {
    removeSnapshot(call, identifier);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
};

const errorMessage = (identifier: NamedSnapshot, { code, message }: AwsError) => ({
  SnapshotIdentifier: identifier.SnapshotIdentifier,
  SnapshotClusterIdentifier: identifier.SnapshotClusterIdentifier,
  FailureCode: code,
  FailureReason: message,
});
