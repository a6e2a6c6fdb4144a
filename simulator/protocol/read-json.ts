import { commonError } from "./errors.ts";
import type { ListShape, Members, ReadMembers, Shape, StructureShape } from "./shape.ts";

/** Reads the body of an AWS JSON 1.1 request into the input a structure describes. */
export const readJson = <M extends Members>(members: M, body: string): ReadMembers<M> =>
  readMembers(members, parse(body), "") as ReadMembers<M>;

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body === "" ? "{}" : body);
  } catch {
    throw commonError("ValidationError", "The request body is not valid JSON");
  }
};

const readMembers = (members: Members, value: unknown, prefix: string) => {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw invalid(prefix || "body", "is not an object");
  }
  const input: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) {
    const path = prefix ? `${prefix}.${name}` : name;
    const given = (value as Record<string, unknown>)[name] ?? undefined;
    if (given === undefined && shape.required) throw invalid(path, "must not be null");
    input[name] = given === undefined ? undefined : read(shape, given, path);
  }
  return input;
};

const read = (shape: Shape, value: unknown, path: string): unknown => {
  switch (shape.type) {
    case "list":
      if (!Array.isArray(value)) throw invalid(path, "is not a list");
      return value.map((item, index) => read((shape as ListShape<Shape>).of, item, `${path}.${index + 1}`));
    case "structure":
      return readMembers((shape as StructureShape<Members>).members, value, path);
    case "timestamp":
      // JSON services send seconds since the epoch.
      if (typeof value !== "number") throw invalid(path, "is not a timestamp");
      return new Date(value * 1000);
    default:
      return readScalar(shape.type, value, path);
  }
};

const readScalar = (type: "text" | "integer" | "boolean", value: unknown, path: string) => {
  const wanted = { text: "string", integer: "number", boolean: "boolean" }[type];
  if (typeof value !== wanted) throw invalid(path, `is not of type ${type}`);
  return value;
};

const invalid = (path: string, problem: string) =>
  commonError(
    "ValidationError",
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: ${problem}`,
  );
