import type { NormalizedSchema } from "@smithy/core/schema";
import { elementNameOf, membersOf, operationModel, requiredMembersOf } from "./model.ts";
import type { Exchange } from "./wire.ts";
import { readXml, type XmlElement } from "./xml-reader.ts";

/** What answers taught: what is wrong with them, and which of their lists ever held anything. */
export interface Findings {
  readonly problems: string[];
  /** Lists that had elements, as structure and member: `Cluster.Tags`. */
  readonly filled: Set<string>;
  readonly empty: Set<string>;
}

export const noFindings = (): Findings => ({ problems: [], filled: new Set(), empty: new Set() });

interface Place {
  readonly path: string;
  /** The structure's name and the member's, wherever in an answer it stands. */
  readonly member: string;
  readonly findings: Findings;
}

const below = (shape: NormalizedSchema, { path, findings }: Place, name: string): Place => ({
  path: path === "" ? name : `${path}.${name}`,
  member: `${shape.getName()}.${name}`,
  findings,
});

const noteList = ({ member, findings }: Place, length: number): void =>
  void (length > 0 ? findings.filled : findings.empty).add(member);

/** Compares the body of an answer with status 200 with the model's output shape. */
export const checkAnswer = (exchange: Exchange, findings: Findings, namespace: string | undefined): void => {
  const model = operationModel(exchange.service, exchange.operation);
  if (!model) {
    findings.problems.push("the model knows no operation of this name");
    return;
  }
  const place = { path: "", member: "", findings };
  if (namespace === undefined) {
    checkJson(model.output, JSON.parse(exchange.body || "{}"), place);
    return;
  }
  const root = readXml(exchange.body);
  expectEqual(place, "the root", root.name, `${exchange.operation}Response`);
  expectEqual(place, "xmlns", root.attributes.get("xmlns"), namespace);
  const [result, metadata] = model.hasOutput ? root.children : [undefined, ...root.children];
  expectEqual(place, "the parts of the envelope", root.children.length, model.hasOutput ? 2 : 1);
  expectEqual(place, "metadata", metadata?.name, "ResponseMetadata");
  expectEqual(place, "RequestId", metadata?.children[0]?.text, exchange.requestId);
  if (!model.hasOutput) return;
  expectEqual(place, "the wrapper", result?.name, `${exchange.operation}Result`);
  if (result) checkXmlStructure(model.output, result, place);
};

const expectEqual = ({ findings }: Place, what: string, found: unknown, wanted: unknown): void => {
  if (found !== wanted) findings.problems.push(`${what} is ${String(found)}, not ${String(wanted)}`);
};

const checkXml = (shape: NormalizedSchema, element: XmlElement, place: Place): void => {
  if (element.attributes.size > 0) place.findings.problems.push(`${place.path}: has attributes`);
  if (shape.isStructSchema()) checkXmlStructure(shape, element, place);
  else if (shape.isListSchema()) checkXmlList(shape, element, place);
  else checkXmlScalar(shape, element, place);
};

const checkXmlScalar = (shape: NormalizedSchema, element: XmlElement, { path, findings }: Place): void => {
  if (element.children.length > 0) findings.problems.push(`${path}: has elements, is no structure`);
  const problem = scalarProblem(shape, element.text);
  if (problem) findings.problems.push(`${path}: ${problem}`);
};

const checkXmlStructure = (shape: NormalizedSchema, { children, text }: XmlElement, place: Place): void => {
  const { problems } = place.findings;
  if (text !== "") problems.push(`${place.path}: is text, should be a structure`);
  const byWireName = new Map(
    [...membersOf(shape)].map(([name, member]) => [String(member.getMergedTraits().xmlName ?? name), member]),
  );
  const seen = new Set<string>();
  for (const child of children) {
    const member = byWireName.get(child.name);
    const path = below(shape, place, child.name);
    if (!member) problems.push(`${path.path}: the model has no such member`);
    else if (seen.has(child.name)) problems.push(`${path.path}: comes twice`);
    else checkXml(member, child, path);
    seen.add(child.name);
  }
  for (const name of requiredMembersOf(shape))
    if (!seen.has(name)) problems.push(`${place.path}: no ${name}`);
};

const checkXmlList = (shape: NormalizedSchema, { children, text }: XmlElement, place: Place): void => {
  if (text !== "") place.findings.problems.push(`${place.path}: is text, should be a list`);
  noteList(place, children.length);
  const wanted = elementNameOf(shape);
  for (const child of children) {
    if (child.name === wanted) checkXml(shape.getValueSchema(), child, { ...place, path: `${place.path}[]` });
    else place.findings.problems.push(`${place.path}: holds ${child.name}, should hold ${wanted}`);
  }
};

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const scalarProblem = (shape: NormalizedSchema, text: string): string | undefined => {
  const shown = JSON.stringify(text);
  if (shape.isBooleanSchema()) return /^(true|false)$/.test(text) ? undefined : `${shown} is no boolean`;
  if (shape.isNumericSchema()) return /^-?\d+(\.\d+)?$/.test(text) ? undefined : `${shown} is no number`;
  if (shape.isTimestampSchema()) {
    const valid = isoTime.test(text) && !Number.isNaN(Date.parse(text));
    return valid ? undefined : `${shown} is no time`;
  }
  return shape.isStringSchema() ? undefined : `the model wants a ${shape.getName()}`;
};

const checkJson = (shape: NormalizedSchema, value: unknown, place: Place): void => {
  if (shape.isListSchema()) checkJsonList(shape, value, place);
  else if (shape.isStructSchema() || shape.isUnitSchema()) checkJsonStructure(shape, value, place);
  else checkJsonScalar(shape, value, place);
};

// Of JSON's types only the number stands for two of the model's: services answer times in seconds.
const checkJsonScalar = (shape: NormalizedSchema, value: unknown, { path, findings }: Place): void => {
  const isNumber = shape.isNumericSchema() || shape.isTimestampSchema();
  const wanted = shape.isBooleanSchema() ? "boolean" : isNumber ? "number" : "string";
  if (typeof value !== wanted) findings.problems.push(`${path}: is ${typeof value}, should be ${wanted}`);
};

const checkJsonList = (shape: NormalizedSchema, value: unknown, place: Place): void => {
  const { problems } = place.findings;
  if (!Array.isArray(value)) {
    problems.push(`${place.path}: is no list`);
    return;
  }
  noteList(place, value.length);
  for (const item of value) checkJson(shape.getValueSchema(), item, { ...place, path: `${place.path}[]` });
};

const checkJsonStructure = (shape: NormalizedSchema, value: unknown, place: Place): void => {
  const { problems } = place.findings;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    problems.push(`${place.path}: is no structure`);
    return;
  }
  const members = membersOf(shape);
  for (const [name, held] of Object.entries(value)) {
    const member = members.get(name);
    if (member) checkJson(member, held, below(shape, place, name));
    else problems.push(`${below(shape, place, name).path}: the model has no such member`);
  }
  for (const name of requiredMembersOf(shape))
    if (!(name in value)) problems.push(`${place.path}: no ${name}`);
};
