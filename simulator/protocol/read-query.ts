import { commonError } from "./errors.ts";
import type { ListShape, Members, ReadMembers, Shape, StructureShape } from "./shape.ts";

/** The parameters of a query-protocol request, flat as they travel: `Filters.Filter.1.Name` -> `engine`. */
export type QueryParameters = ReadonlyMap<string, string>;

/**
 * Reads flat parameters into the nested input a structure describes.
 * Throws MissingParameter and InvalidParameterValue as the services do.
 */
export const readQuery = <M extends Members>(members: M, parameters: QueryParameters): ReadMembers<M> =>
  readMembers(members, parameters, "") as ReadMembers<M>;

const readMembers = (members: Members, parameters: QueryParameters, prefix: string) => {
  const input: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) {
    const path = `${prefix}${name}`;
    const value = read(shape, parameters, path);
    if (shape.required) assertGiven(value, path);
    input[name] = value;
  }
  return input;
};

const assertGiven = (value: unknown, path: string): void => {
  if (value === undefined) {
    throw commonError("MissingParameter", `The request must contain the parameter ${path}`);
  }
  if (value === "") {
    throw commonError(
      "InvalidParameterValue",
      `The parameter ${path} must be provided and must not be blank.`,
    );
  }
};

const read = (shape: Shape, parameters: QueryParameters, path: string): unknown => {
  switch (shape.type) {
    case "list":
      return readList(shape as ListShape<Shape>, parameters, path);
    case "structure":
      return hasAny(parameters, path)
        ? readMembers((shape as StructureShape<Members>).members, parameters, `${path}.`)
        : undefined;
    default:
      return readScalar(shape, parameters.get(path), path);
  }
};

// A list may be numbered under its modelled element name or under `member`, which old clients send.
// An empty list travels as a bare `Tags=`, which must read as empty, not as malformed.
const readList = (shape: ListShape<Shape>, parameters: QueryParameters, path: string) => {
  for (const element of [shape.element, "member"]) {
    const indices = indicesUnder(parameters, `${path}.${element}.`);
    if (indices.length > 0)
      return indices.map((index) => read(shape.of, parameters, `${path}.${element}.${index}`));
  }
  return parameters.has(path) ? [] : undefined;
};

const indicesUnder = (parameters: QueryParameters, prefix: string): number[] => {
  const indices = new Set<number>();
  for (const key of parameters.keys()) {
    if (!key.startsWith(prefix)) continue;
    const index = /^\d+(?=\.|$)/.exec(key.slice(prefix.length));
    if (index) indices.add(Number(index[0]));
  }
  return [...indices].sort((a, b) => a - b);
};

const hasAny = (parameters: QueryParameters, path: string): boolean => {
  for (const key of parameters.keys()) if (key.startsWith(`${path}.`)) return true;
  return false;
};

const readScalar = (shape: Shape, value: string | undefined, path: string): unknown => {
  if (value === undefined || shape.type === "text") return value;
  if (value === "") return undefined;
  const parsed = parseScalar(shape.type, value);
  if (parsed === undefined) {
    throw commonError("InvalidParameterValue", `Invalid value ${value} for ${path}`);
  }
  return parsed;
};

const parseScalar = (type: Shape["type"], value: string): unknown => {
  if (type === "integer") return /^-?\d+$/.test(value) ? Number(value) : undefined;
  if (type === "boolean") return { true: true, false: false }[value.toLowerCase()];
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date;
};
