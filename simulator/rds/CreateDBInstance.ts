import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { required, text } from "../protocol/shape.ts";
import { type DbCluster, isMultiAzEngine } from "../rds-records.ts";
import { tagsShape } from "../tags.ts";
import { assertClusterStatus } from "./cluster-work.ts";
import { rdsFault } from "./errors.ts";
import { newIdentifier } from "./identifiers.ts";
import { instanceShape } from "./instance-shape.ts";
import { findInstance, instanceArn, instancesIn, removeMember, setMember } from "./instances.ts";
import { findCluster } from "./lookup.ts";
import { addingTags, onCluster, onInstance, withRequestTags } from "./questions.ts";
import { readTags } from "./tagging.ts";

/** Adds an instance to a cluster; the first one becomes the writer. */
export const operation = defineOperation({
  name: "CreateDBInstance",
  input: {
    DBInstanceIdentifier: required(text),
    DBInstanceClass: required(text),
    Engine: required(text),
    DBClusterIdentifier: text,
    Tags: tagsShape,
  },
  permissions: ({ DBInstanceIdentifier, DBClusterIdentifier, Tags }, { store }) => {
    const instance = onInstance(store, DBInstanceIdentifier);
    return [
      withRequestTags(instance, Tags),
      ...(DBClusterIdentifier ? [withRequestTags(onCluster(store, DBClusterIdentifier), Tags)] : []),
      ...addingTags(instance, Tags),
    ];
  },
  run: (input, call) => {
    const id = newIdentifier("DBInstanceIdentifier", input.DBInstanceIdentifier);
    const tags = readTags(input.Tags, { max: call.world.settings.tagsPerResourceMax });
    const cluster = clusterOf(call, input.DBClusterIdentifier);
    assertFree(call, id);
    assertTakesInstances(cluster, input.Engine);
    const writer = cluster.replicationSourceArn === undefined && !cluster.members.some((held) => held.writer);
    const member = { id, writer, instanceClass: input.DBInstanceClass, createdAt: call.now, tags };
    cluster.members = [...cluster.members, { ...member, status: "creating" }];
    const answer = { DBInstance: instanceShape(findInstance(call, id)) };
    begin(call, cluster, id);
    return answer;
  },
});

const clusterOf = (call: Call, given: string | undefined): DbCluster => {
  if (given) return findCluster(call, given);
  // AWS would make an instance on its own here.
  throw commonError("InvalidParameterValue", "Only instances of DB clusters are simulated.");
};

const assertFree = ({ store }: Call, id: string): void => {
  if (!instancesIn(store).some(({ member }) => member.id === id)) return;
  throw rdsFault("DBInstanceAlreadyExistsFault", "DB Instance already exists");
};

const assertTakesInstances = (cluster: DbCluster, engine: string): void => {
  if (engine !== cluster.engine) {
    throw commonError(
      "InvalidParameterCombination",
      `The engine name requested for your DB instance (${engine}) doesn't match the engine name of your DB cluster (${cluster.engine}).`,
    );
  }
  // A guess; that a Multi-AZ DB cluster has exactly three instances of its own is documented.
  if (isMultiAzEngine(engine)) {
    throw commonError("InvalidParameterCombination", "You can't add instances to a Multi-AZ DB cluster.");
  }
  // Also a restored cluster takes instances only once it is available, as its documentation says.
  assertClusterStatus(cluster, ["available"]);
};

const begin = ({ world, now }: Call, cluster: DbCluster, id: string): void =>
  world.works.begin({
    kind: "create",
    subject: instanceArn(cluster, id),
    startedAt: now,
    seconds: world.settings.instanceCreateSeconds,
    progress: () => undefined,
    end: (outcome) => {
      if (outcome === "vanished") removeMember(cluster, id);
      // No status of its own: it then shares its cluster's ups and downs.
      else setMember(cluster, id, { status: outcome === "done" ? undefined : "failed" });
    },
  });
