import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as events from "@aws-sdk/client-eventbridge";
import * as kms from "@aws-sdk/client-kms";
import * as rds from "@aws-sdk/client-rds";
import * as redshift from "@aws-sdk/client-redshift";
import * as tagging from "@aws-sdk/client-resource-groups-tagging-api";
import * as states from "@aws-sdk/client-sfn";
import * as sts from "@aws-sdk/client-sts";
import { NormalizedSchema } from "@smithy/core/schema";
import type { SchemaRef } from "@smithy/types";

/**
 * AWS's API models as the SDK carries them: every client exports its schemas under names with a `$`.
 * `[9, namespace, name, traits, input, output]` is an operation, `[-3, …]` an error, `[3, …]` a structure.
 */

const packages = {
  rds: { name: "@aws-sdk/client-rds", exports: rds },
  redshift: { name: "@aws-sdk/client-redshift", exports: redshift },
  kms: { name: "@aws-sdk/client-kms", exports: kms },
  sts: { name: "@aws-sdk/client-sts", exports: sts },
  events: { name: "@aws-sdk/client-eventbridge", exports: events },
  states: { name: "@aws-sdk/client-sfn", exports: states },
  tagging: { name: "@aws-sdk/client-resource-groups-tagging-api", exports: tagging },
} as const;

/** A service by the name in the credential scope. */
export type ServiceName = keyof typeof packages;

export const isModelled = (service: string): service is ServiceName => Object.hasOwn(packages, service);

const exportsOf = (service: ServiceName) => packages[service].exports as unknown as Record<string, unknown>;

type StaticSchema = readonly [kind: number, namespace: string, name: string, ...rest: unknown[]];
const operationKind = 9;
const errorKind = -3;

const schemaNamed = (service: ServiceName, name: string, kind: number): StaticSchema | undefined => {
  const found = exportsOf(service)[`${name}$`];
  return Array.isArray(found) && found[0] === kind ? (found as unknown as StaticSchema) : undefined;
};

interface OperationModel {
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Whether the model gives the answer a shape of its own; otherwise there is no result element. */
  readonly hasOutput: boolean;
}

/** What the model says of an operation; undefined where there is none of that name. */
export const operationModel = (service: ServiceName, operation: string): OperationModel | undefined => {
  const schema = schemaNamed(service, operation, operationKind);
  if (!schema) return undefined;
  const [input, output] = schema.slice(4) as [SchemaRef, SchemaRef];
  const normalized = NormalizedSchema.of(output);
  return {
    input: NormalizedSchema.of(input),
    output: normalized,
    hasOutput: !normalized.isUnitSchema(),
  };
};

/** Names of the members of a structure with their schemas. */
export const membersOf = (shape: NormalizedSchema): ReadonlyMap<string, NormalizedSchema> =>
  shape.isUnitSchema() ? new Map() : new Map(shape.structIterator());

/** Names of the members that the model calls required: the schema lists them first and says how many. */
export const requiredMembersOf = (shape: NormalizedSchema): readonly string[] => {
  if (shape.isUnitSchema()) return [];
  const [, , , , names, , count] = shape.getSchema() as unknown as [0, 0, 0, 0, string[], 0, number?];
  return names.slice(0, count ?? 0);
};

/** The name an element of a list has in XML and in query parameters. */
export const elementNameOf = (list: NormalizedSchema): string =>
  (list.getValueSchema().getMergedTraits().xmlName as string | undefined) ?? "member";

export interface ErrorModel {
  readonly shape: string;
  readonly code: string;
  readonly status: number;
}

/** Every error the service models, as it travels. */
export const errorModels = (service: ServiceName): readonly ErrorModel[] =>
  Object.values(exportsOf(service))
    .filter((schema): schema is unknown[] => Array.isArray(schema) && schema[0] === errorKind)
    .map((schema) => NormalizedSchema.of(schema as unknown as SchemaRef))
    .filter((schema) => Object.keys(schema.getMergedTraits()).length > 0)
    .map((schema) => errorModel(service, schema));

const jsonServices: readonly ServiceName[] = ["kms", "events", "tagging", "states"];

// KMS's model still carries codes and statuses of a query protocol that its endpoint no longer speaks: on
// the wire its NotFoundException comes by that name with 400, not as NotFound with the model's 404
// (cloudposse/docs#152 shows "Service: AWSKMS; Status Code: 400; Error Code: NotFoundException"). Likewise the
// reference gives 400 for every error of Step Functions, also where the model has 402, 404 or 409.
const errorModel = (service: ServiceName, schema: NormalizedSchema): ErrorModel => {
  const shape = schema.getName() ?? "";
  const { awsQueryError, httpError, error } = schema.getMergedTraits() as {
    awsQueryError?: readonly [string, number];
    httpError?: number;
    error: "client" | "server";
  };
  const fallback = error === "client" ? 400 : 500;
  if (jsonServices.includes(service)) return { shape, code: shape, status: fallback };
  const [code, status] = awsQueryError ?? [shape, httpError ?? fallback];
  return { shape, code, status };
};

/** Names of the members of a modelled error; undefined where the model has no error of that shape. */
export const errorMembersOf = (service: ServiceName, shape: string): readonly string[] | undefined => {
  const schema = schemaNamed(service, shape, errorKind);
  return schema && [...membersOf(NormalizedSchema.of(schema as unknown as SchemaRef)).keys()];
};

const require = createRequire(import.meta.url);

/**
 * The errors the model lists for one operation. The schemas leave that list out; the client's typings keep it
 * as `@throws`.
 */
export const errorsOfOperation = (service: ServiceName, operation: string): readonly string[] => {
  const root = dirname(require.resolve(`${packages[service].name}/package.json`));
  const typings = readFileSync(join(root, "dist-types", "commands", `${operation}Command.d.ts`), "utf8");
  return [...typings.matchAll(/@throws \{@link (\w+)\} \(/g)].map(([, name = ""]) => name);
};

interface Sender {
  readonly config: {
    readonly protocolSettings: ProtocolSettings;
    readonly protocol: { getShapeId(): string };
  };
  send(command: unknown): Promise<Record<string, unknown>>;
  readonly middlewareStack: {
    add(middleware: unknown, options: { step: "deserialize"; priority: "low"; name: string }): void;
  };
}

type ClientConstructor = new (configuration: object) => Sender;

/** Makes the SDK's client of a service. */
export const clientOf = (service: ServiceName, configuration: object): Sender => {
  const name = Object.keys(exportsOf(service)).find(
    (held) => /^[A-Z]\w*Client$/.test(held) && held !== "__Client",
  );
  const Client = exportsOf(service)[name ?? ""] as ClientConstructor;
  return new Client(configuration);
};

/** What the answers of a service are sent as, by the protocol that its client speaks. */
export const contentTypeOf = (service: ServiceName): string => {
  const { protocol } = clientOf(service, { region: "us-east-1" }).config;
  const [, version] = /#awsJson(\d_\d)$/.exec(protocol.getShapeId()) ?? [];
  return version ? `application/x-amz-json-${version.replace("_", ".")}` : "text/xml";
};

interface ProtocolSettings {
  readonly version: string;
  readonly xmlNamespace: string;
  readonly serviceTarget: string;
}

/** How a service is spoken to, as its client is set up. */
export const protocolOf = (service: ServiceName): ProtocolSettings =>
  clientOf(service, { region: "us-east-1" }).config.protocolSettings;

/** Makes the SDK's command for an operation, by its name. */
export const commandOf = (service: ServiceName, operation: string, input: object): unknown => {
  const Command = exportsOf(service)[`${operation}Command`] as new (input: object) => unknown;
  return new Command(input);
};
