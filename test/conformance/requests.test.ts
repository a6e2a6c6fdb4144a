import type { NormalizedSchema } from "@smithy/core/schema";
import { describe, expect, it } from "vitest";
import type { ListShape, Members, Shape, StructureShape } from "../../simulator/protocol/shape.ts";
import { services } from "../../simulator/services.ts";
import {
  elementNameOf,
  membersOf,
  operationModel,
  protocolOf,
  requiredMembersOf,
  type ServiceName,
} from "./model.ts";

/** What the simulator reads from requests against AWS's own API models: names, types, what is required. */

const operations = [...services.values()].flatMap(({ signingName, operations, protocol }) =>
  [...operations.values()].map((operation) => ({
    name: `${signingName}.${operation.name}`,
    service: signingName as ServiceName,
    isJson: protocol.kind === "json",
    operation,
  })),
);

interface Place {
  readonly path: string;
  readonly isJson: boolean;
}

/** Members that the model requires and whose absence AWS answers in another way than MissingParameter. */
const answeredOtherwise: Readonly<Record<string, string>> = {
  "Filters[].Values": "a filter without values is an InvalidParameterCombination",
};

/** Where the simulator's description of an input differs from the model's. */
const differences = (members: Members, model: NormalizedSchema, place: Place): string[] => {
  const modelled = membersOf(model);
  const missing = requiredMembersOf(model)
    .filter((name) => !members[name]?.required)
    .map((name) => `${place.path}${name}`);
  return [
    ...missing
      .filter((path) => !Object.hasOwn(answeredOtherwise, path))
      .map((path) => `${path}: is required`),
    ...Object.entries(members).flatMap(([name, shape]) => {
      const path = `${place.path}${name}`;
      const member = modelled.get(name);
      return member
        ? differencesOf(shape, member, { ...place, path })
        : [`${path}: the model has no such member`];
    }),
  ];
};

const differencesOf = (shape: Shape, model: NormalizedSchema, place: Place): string[] => {
  if (kindOf(shape) !== kindOfModel(model))
    return [`${place.path}: is ${shape.type}, in the model ${kindOfModel(model)}`];
  if (shape.type === "structure") {
    return differences((shape as StructureShape<Members>).members, model, {
      ...place,
      path: `${place.path}.`,
    });
  }
  if (shape.type !== "list") return [];
  const { element, of } = shape as ListShape<Shape>;
  const wanted = elementNameOf(model);
  // JSON has no names for the elements of a list.
  const misnamed =
    !place.isJson && element !== wanted ? [`${place.path}: numbers ${element}, not ${wanted}`] : [];
  return [...misnamed, ...differencesOf(of, model.getValueSchema(), { ...place, path: `${place.path}[]` })];
};

const kindOf = ({ type }: Shape): string => (type === "integer" ? "number" : type);

const kindOfModel = (model: NormalizedSchema): string => {
  if (model.isListSchema()) return "list";
  if (model.isStructSchema()) return "structure";
  if (model.isBooleanSchema()) return "boolean";
  if (model.isNumericSchema()) return "number";
  return model.isTimestampSchema() ? "timestamp" : "text";
};

describe("the simulator's services", () => {
  it.each([...services.values()])(
    "$signingName has the model's version, name space and target",
    (service) => {
      const { version, xmlNamespace, serviceTarget } = protocolOf(service.signingName as ServiceName);
      expect(service.version).toBe(version);
      if (service.protocol.kind === "json") expect(service.protocol.target).toBe(serviceTarget);
      else expect(service.protocol.namespace).toBe(xmlNamespace);
    },
  );
});

describe("the simulator reads of requests", () => {
  it.each(operations)(
    "for $name only what the model names, as it types it",
    ({ service, operation, isJson }) => {
      const model = operationModel(service, operation.name);
      expect(model && differences(operation.input, model.input, { path: "", isJson })).toEqual([]);
    },
  );
});
