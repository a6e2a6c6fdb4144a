import { arnOf } from "../arn.ts";
import { engineDefaults } from "../engine-defaults.ts";
import type { Question } from "../iam.ts";
import type { TagInput } from "../tags.ts";
import type { RegionStore } from "../world.ts";
import { addingTags, onCluster, withRequestTags } from "./questions.ts";

interface NewCluster {
  readonly DBClusterIdentifier: string;
  readonly Engine: string;
  readonly DBSubnetGroupName: string | undefined;
  readonly DBClusterParameterGroupName: string | undefined;
  readonly Tags: TagInput | undefined;
}

/** What creating and restoring a cluster ask alike: on the cluster, on the groups it is put into, for its tags. */
export const newClusterQuestions = (store: RegionStore, input: NewCluster): readonly Question[] => {
  const cluster = onCluster(store, input.DBClusterIdentifier);
  const groups = groupsOf(input).map((group) => ({ resource: arnOf("rds", store, group) }));
  return [
    ...[cluster, ...groups].map((question) => withRequestTags(question, input.Tags)),
    ...addingTags(cluster, input.Tags),
  ];
};

// The service authorization reference demands all three, the option group also though there is none to choose.
// That AWS asks on the default one, and that it is called `default:aurora-postgresql-16`, is a guess.
const groupsOf = (input: NewCluster): readonly string[] => {
  const { parameterGroup, subnetGroup } = engineDefaults(input.Engine);
  return [
    `cluster-pg:${input.DBClusterParameterGroupName || parameterGroup}`,
    `og:${defaultOptionGroup(parameterGroup)}`,
    `subgrp:${input.DBSubnetGroupName || subnetGroup}`,
  ];
};

/** `default.aurora-mysql8.0` -> `default:aurora-mysql-8-0` */
const defaultOptionGroup = (parameterGroup: string): string =>
  parameterGroup.replace(/^default\.(.*?)([\d.]+)$/, (_, engine: string, version: string) =>
    ["default:", engine, "-", version.replaceAll(".", "-")].join(""),
  );
