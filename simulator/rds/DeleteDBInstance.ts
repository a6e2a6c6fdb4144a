import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, required, text } from "../protocol/shape.ts";
import { isMultiAzEngine } from "../rds-records.ts";
import { assertClusterStatus } from "./cluster-work.ts";
import { rdsFault } from "./errors.ts";
import { instanceShape } from "./instance-shape.ts";
import { findInstance, type Instance, instanceArn, removeMember, setMember } from "./instances.ts";
import { onInstance } from "./questions.ts";

/** Takes an instance out of its cluster; the data stays with the cluster, so no snapshot is made. */
export const operation = defineOperation({
  name: "DeleteDBInstance",
  input: {
    DBInstanceIdentifier: required(text),
    SkipFinalSnapshot: boolean,
    FinalDBSnapshotIdentifier: text,
    DeleteAutomatedBackups: boolean,
  },
  permissions: ({ DBInstanceIdentifier }, { store }) => [onInstance(store, DBInstanceIdentifier)],
  run: (input, call) => {
    const instance = findInstance(call, input.DBInstanceIdentifier);
    if (input.FinalDBSnapshotIdentifier) {
      throw commonError(
        "InvalidParameterCombination",
        "FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance",
      );
    }
    assertDeletable(call, instance);
    const { cluster, member } = instance;
    setMember(cluster, member.id, { status: "deleting" });
    const answer = { DBInstance: instanceShape(findInstance(call, member.id)) };
    remove(call, instance);
    return answer;
  },
});

const assertDeletable = ({ world }: Call, { cluster, member }: Instance): void => {
  if (member.status === "deleting") {
    throw rdsFault("InvalidDBInstanceStateFault", `Instance ${member.id} is already being deleted.`);
  }
  // A guess, as for adding one: the three instances of a Multi-AZ DB cluster come and go with it.
  if (isMultiAzEngine(cluster.engine)) {
    throw commonError("InvalidParameterCombination", "You can't delete instances of a Multi-AZ DB cluster.");
  }
  // A stopped cluster must be started before its instances can be deleted.
  if (cluster.status === "stopped") assertClusterStatus(cluster, ["available"]);
  const replicas = world.stores().flatMap(({ clusters }) => [...clusters.values()]);
  if (cluster.members.length > 1 || !replicas.some((held) => held.replicationSourceArn === cluster.arn))
    return;
  throw rdsFault(
    "InvalidDBClusterStateFault",
    "Cannot delete the last instance of the master cluster. Delete the replica cluster before deleting the last master cluster instance.",
  );
};

const remove = ({ world, now }: Call, { cluster, member }: Instance): void =>
  world.works.begin({
    kind: "delete",
    subject: instanceArn(cluster, member.id),
    startedAt: now,
    seconds: world.settings.deleteSeconds,
    progress: () => undefined,
    end: () => removeMember(cluster, member.id),
  });
