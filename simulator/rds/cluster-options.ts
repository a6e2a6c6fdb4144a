import { commonError } from "../protocol/errors.ts";
import { boolean, integer, list, type Read, structure, text } from "../protocol/shape.ts";
import { isMultiAzEngine } from "../rds-records.ts";
import { tagsShape } from "../tags.ts";

/** What creating and restoring a cluster have in common, as far as answers show it. */
export const clusterOptions = {
  EngineVersion: text,
  EngineMode: text,
  Port: integer,
  DBSubnetGroupName: text,
  DBClusterParameterGroupName: text,
  VpcSecurityGroupIds: list("VpcSecurityGroupId", text),
  KmsKeyId: text,
  DeletionProtection: boolean,
  CopyTagsToSnapshot: boolean,
  BackupRetentionPeriod: integer,
  DBClusterInstanceClass: text,
  StorageType: text,
  Iops: integer,
  PubliclyAccessible: boolean,
  Tags: tagsShape,
};
const shape = structure(clusterOptions);
export type ClusterOptions = Read<typeof shape>;

/** Refuses what the models call out of range, and what does not go with the kind of cluster. */
export const assertClusterOptions = (engine: string, options: ClusterOptions): void => {
  if (!engines.includes(engine)) throw commonError("InvalidParameterValue", `Invalid DB engine: ${engine}`);
  assertWithin("Port", options.Port, 1150, 65_535);
  assertWithin("BackupRetentionPeriod", options.BackupRetentionPeriod, 1, 35);
  if (isMultiAzEngine(engine)) assertMultiAz(options);
  else assertNoCompute(engine, options);
};

const engines = ["aurora-mysql", "aurora-postgresql", "mysql", "postgres", "neptune", "docdb"];

const assertWithin = (name: string, given: number | undefined, from: number, to: number): void => {
  if (given === undefined || (given >= from && given <= to)) return;
  throw commonError(
    "InvalidParameterValue",
    `Invalid value ${given} for ${name}. Must be between ${from} and ${to}`,
  );
};

// A Multi-AZ DB cluster brings its own instances, so it must be told how large they are. The wording is
// that of RDS for other parameters that are missing.
const assertMultiAz = ({ DBClusterInstanceClass, StorageType, Iops }: ClusterOptions): void => {
  if (!DBClusterInstanceClass) {
    throw commonError(
      "InvalidParameterValue",
      "The parameter DBClusterInstanceClass must be provided and must not be blank.",
    );
  }
  if (!StorageType?.startsWith("io") || Iops !== undefined) return;
  throw commonError("InvalidParameterCombination", `You must specify Iops for storage type ${StorageType}.`);
};

// The models say "valid for Multi-AZ DB clusters only"; the answer to the contrary is a guess.
const assertNoCompute = (engine: string, { DBClusterInstanceClass, Iops }: ClusterOptions): void => {
  const name = DBClusterInstanceClass ? "DBClusterInstanceClass" : Iops !== undefined ? "Iops" : undefined;
  if (!name) return;
  throw commonError("InvalidParameterCombination", `${name} isn't supported for engine ${engine}.`);
};
