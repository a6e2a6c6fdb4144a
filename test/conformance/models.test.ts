import { beforeAll, describe, expect, it } from "vitest";
import { services } from "../../simulator/services.ts";
import { checkAnswer, type Findings, noFindings } from "./check-answer.ts";
import { contentTypeOf, isModelled, operationModel, type ServiceName } from "./model.ts";
import { otherPlays } from "./plays-json.ts";
import { rdsPlays } from "./plays-rds.ts";
import { redshiftPlays } from "./plays-redshift.ts";
import { onStage } from "./stage.ts";
import type { Exchange } from "./wire.ts";

/** Every answer of the simulator against AWS's own API models, which the SDK carries. */

const operations = [...services.values()].flatMap(({ signingName, operations, protocol }) =>
  [...operations.values()].map((operation) => ({
    name: `${signingName}.${operation.name}`,
    service: signingName as ServiceName,
    namespace: protocol.kind === "query" ? protocol.namespace : undefined,
    operation,
  })),
);

const plays = { ...prefixed("rds", rdsPlays), ...prefixed("redshift", redshiftPlays), ...otherPlays };

function prefixed<T>(name: string, table: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([title, play]) => [`${name}: ${title}`, play]));
}

/** Lists whose elements the plays cannot show, with the reason. */
const alwaysEmpty: Readonly<Record<string, string>> = {
  "Cluster.ClusterSecurityGroups": "security groups of Redshift's own ended with EC2-Classic",
  "Cluster.DeferredMaintenanceWindows": "the simulator has no maintenance",
  "Cluster.IamRoles": "the simulator has no roles",
  "DBCluster.AssociatedRoles": "the simulator has no roles",
  "DBCluster.DomainMemberships": "the simulator has no directories",
  "DBCluster.ReadReplicaIdentifiers": "the simulator has no replicas besides global clusters",
};

const exchanges: Exchange[] = [];
const broken = new Map<string, unknown>();

beforeAll(async () => {
  await Promise.all(
    Object.entries(plays).map(([title, play]) =>
      onStage(async (stage) => {
        await play(stage).catch((error: unknown) => broken.set(title, error));
        exchanges.push(...stage.wire.exchanges);
      }),
    ),
  );
});

const answersOf = (name: string): Exchange[] =>
  exchanges.filter(({ service, operation, status }) => `${service}.${operation}` === name && status === 200);

const findingsOf = (name: string, namespace: string | undefined): Findings => {
  const findings = noFindings();
  for (const exchange of answersOf(name)) checkAnswer(exchange, findings, namespace);
  return findings;
};

describe("the plays", () => {
  it.each(Object.keys(plays))("%s", (title) => {
    expect(broken.get(title)).toBeUndefined();
  });
});

describe("the simulator's answers", () => {
  it.each(operations)("of $name are all in the model", ({ name, service, namespace, operation }) => {
    expect(isModelled(service)).toBe(true);
    expect(operationModel(service, operation.name), "the operation in the model").toBeDefined();
    expect(answersOf(name).length, "answers seen").toBeGreaterThan(0);
    expect(new Set(answersOf(name).map(({ contentType }) => contentType))).toEqual(
      new Set([contentTypeOf(service)]),
    );
    expect([...new Set(findingsOf(name, namespace).problems)]).toEqual([]);
  });

  it("fill every list that they hold at least once", () => {
    const seen = operations.map(({ name, namespace }) => findingsOf(name, namespace));
    const filled = new Set(seen.flatMap((findings) => [...findings.filled]));
    const never = new Set(
      seen.flatMap((findings) => [...findings.empty]).filter((list) => !filled.has(list)),
    );
    expect([...never].toSorted()).toEqual(Object.keys(alwaysEmpty).toSorted());
  });
});
