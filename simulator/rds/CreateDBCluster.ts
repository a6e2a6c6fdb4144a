import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, integer, type Read, required, structure, text } from "../protocol/shape.ts";
import { isMultiAzEngine } from "../rds-records.ts";
import { clusterOptions } from "./cluster-options.ts";
import { clusterShape } from "./cluster-shape.ts";
import { beginClusterWork } from "./cluster-work.ts";
import { addCluster } from "./new-cluster.ts";
import { newClusterQuestions } from "./new-cluster-questions.ts";
import { onNamedKey, usableKey } from "./usable-key.ts";

const input = {
  DBClusterIdentifier: required(text),
  Engine: required(text),
  MasterUsername: text,
  MasterUserPassword: text,
  ManageMasterUserPassword: boolean,
  StorageEncrypted: boolean,
  AllocatedStorage: integer,
  ...clusterOptions,
};
const inputShape = structure(input);
type Input = Read<typeof inputShape>;

/** Makes an empty cluster; secondaries of global databases and replicas are left out. */
export const operation = defineOperation({
  name: "CreateDBCluster",
  input,
  permissions: (input, call) => [
    ...newClusterQuestions(call.store, input),
    ...onNamedKey(call, input.KmsKeyId),
  ],
  run: (input, call) => {
    assertMasterUser(input);
    const cluster = addCluster(call, {
      id: input.DBClusterIdentifier,
      engine: input.Engine,
      engineVersion: input.EngineVersion,
      masterUsername: input.MasterUsername,
      port: input.Port,
      sizeGib: sizeOf(input),
      kmsKeyArn: keyArnOf(call, input),
      options: input,
    });
    const { settings } = call.world;
    const answer = { DBCluster: clusterShape(cluster, settings, call.now) };
    const work = { kind: "create", during: "creating", after: "available" } as const;
    beginClusterWork(call, cluster, { ...work, seconds: settings.clusterCreateSeconds });
    return answer;
  },
});

const blank = (name: string) =>
  commonError("InvalidParameterValue", `The parameter ${name} must be provided and must not be blank.`);

// Neptune knows no master user.
const assertMasterUser = (input: Input): void => {
  if (input.Engine === "neptune") return;
  if (!input.MasterUsername) throw blank("MasterUsername");
  if (input.ManageMasterUserPassword) return;
  if (!input.MasterUserPassword) throw blank("MasterUserPassword");
  if (input.MasterUserPassword.length >= 8) return;
  throw commonError(
    "InvalidParameterValue",
    "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
  );
};

// Aurora, Neptune and DocumentDB grow by themselves; a Multi-AZ DB cluster gets the size it is told.
const sizeOf = ({ Engine, AllocatedStorage }: Input): number => {
  if (!isMultiAzEngine(Engine)) return 1;
  if (!AllocatedStorage) throw blank("AllocatedStorage");
  return AllocatedStorage;
};

const keyArnOf = (call: Call, { StorageEncrypted, KmsKeyId }: Input): string | undefined =>
  StorageEncrypted || KmsKeyId ? usableKey(call, KmsKeyId || undefined).arn : undefined;
