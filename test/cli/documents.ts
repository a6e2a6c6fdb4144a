import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const compiled = (path: string) =>
  new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
    JSON.parse(readFileSync(path, "utf8")),
  );

/** Whether a document is as a schema has it. */
export const conforms = (path: string, document: unknown): boolean => compiled(path)(document) === true;

/** The one document that a command printed, held against the schema in docs/cli that has its name. */
export const documentOf = <T>(name: string, stdout: string): T => {
  const document = JSON.parse(stdout) as T;
  const check = compiled(`docs/cli/${name}.schema.json`);
  if (!check(document))
    throw new Error(`${name} --json: ${JSON.stringify(check.errors, null, 1)}\n${stdout}`);
  return document;
};
