import { findKey } from "../keys.ts";
import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { list, required, text } from "../protocol/shape.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import { rdsFault } from "./errors.ts";
import { findOwnSnapshot } from "./lookup.ts";
import { onSnapshot } from "./questions.ts";
import { attributesShape } from "./snapshot-attributes.ts";

/** Shares a manual snapshot with accounts, or with `all`, and takes it back. */
export const operation = defineOperation({
  name: "ModifyDBClusterSnapshotAttribute",
  input: {
    DBClusterSnapshotIdentifier: required(text),
    AttributeName: required(text),
    ValuesToAdd: list("AttributeValue", text),
    ValuesToRemove: list("AttributeValue", text),
  },
  permissions: ({ DBClusterSnapshotIdentifier }, { store }) => [
    onSnapshot(store, DBClusterSnapshotIdentifier),
  ],
  run: (input, call) => {
    const snapshot = findOwnSnapshot(call, input.DBClusterSnapshotIdentifier);
    const { ValuesToAdd: added = [], ValuesToRemove: removed = [] } = input;
    if (input.AttributeName !== "restore") throw invalid(`Invalid attribute name: ${input.AttributeName}`);
    assertValues(added, removed);
    assertShareable(snapshot);
    if (added.length > 0) assertMayBeSharedWith(call, snapshot, added);
    snapshot.sharedWith = merged(snapshot.sharedWith, added, removed);
    return attributesShape(snapshot);
  },
});

const accountsMax = 20;

const merged = (held: readonly string[], added: readonly string[], removed: readonly string[]): string[] => {
  const values = new Set([...held, ...added].filter((value) => !removed.includes(value)));
  if ([...values].filter((value) => value !== "all").length <= accountsMax) return [...values];
  throw rdsFault(
    "SharedSnapshotQuotaExceededFault",
    `You can share a manual snapshot with up to ${accountsMax} accounts.`,
  );
};

const assertValues = (added: readonly string[], removed: readonly string[]): void => {
  for (const value of [...added, ...removed]) {
    if (!/^(all|\d{12})$/.test(value)) throw invalid(`Invalid account id: ${value}`);
  }
  if (!added.some((value) => removed.includes(value))) return;
  throw commonError(
    "InvalidParameterCombination",
    "A value may not appear in both the add list and remove list.",
  );
};

const assertShareable = ({ id, type, status }: DbClusterSnapshot): void => {
  const refuse = (message: string) => rdsFault("InvalidDBClusterSnapshotStateFault", message);
  if (type !== "manual") throw refuse("Only manual snapshots may be shared.");
  if (status !== "available") {
    throw refuse(`The snapshot ${id} must be in the available state, but it is in the ${status} state.`);
  }
};

// The user guide names both rules; how RDS words them, and with which code, is a guess.
const assertMayBeSharedWith = (
  { world, store }: Call,
  { kmsKeyArn }: DbClusterSnapshot,
  added: readonly string[],
): void => {
  if (kmsKeyArn === undefined) return;
  if (added.includes("all")) throw invalid("Encrypted snapshots cannot be shared publicly.");
  if (findKey(world, store, kmsKeyArn)?.manager !== "AWS") return;
  throw invalid("Snapshots encrypted with the default key of the account cannot be shared.");
};

const invalid = (message: string) => commonError("InvalidParameterValue", message);
