import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FaultKind } from "../../simulator/faults.ts";
import { checkError } from "./check-error.ts";
import { onStage, type Stage } from "./stage.ts";
import type { Exchange } from "./wire.ts";

/**
 * The errors that no model lists and every service answers. Codes and statuses are those of the page "Common
 * Errors" in the API references, where it has them; Throttling and SignatureDoesNotMatch are as seen on the wire.
 * What a JSON service calls the same is written beside.
 */

interface Unmodelled {
  readonly code: string;
  readonly status: number;
  /** Undefined where the service that speaks JSON has no such error. */
  readonly json?: readonly [code: string, status: number];
  readonly provoke: (stage: Stage, service: "rds" | "kms") => Promise<Exchange>;
}

const read = { rds: "DescribeDBClusters", kms: "DescribeKey" } as const;
const key = { KeyId: "alias/databases" };

const withFault =
  (kind: FaultKind): Unmodelled["provoke"] =>
  ({ simulator, wire }, service) => {
    simulator.faults.add({ times: 1, kind });
    return wire.call(service, read[service], service === "kms" ? key : {});
  };

const signedBy =
  (accessKeyId: string, secretAccessKey: string): Unmodelled["provoke"] =>
  ({ wire }, service) =>
    wire.call(service, read[service], key, { credentials: { accessKeyId, secretAccessKey } });

const asking =
  (input: object): Unmodelled["provoke"] =>
  ({ wire }, service) =>
    wire.call(service, service === "kms" ? "DescribeKey" : "CreateDBClusterSnapshot", input);

const targets = { rds: undefined, kms: "TrentService.DescribeKey" } as const;

const fetched =
  (authorization: string): Unmodelled["provoke"] =>
  async ({ simulator, wire }, service) => {
    const target = targets[service];
    const body = target ? JSON.stringify(key) : `Action=${read[service]}&Version=2014-10-31`;
    const type = target ? "application/x-amz-json-1.1" : "application/x-www-form-urlencoded";
    const all = { "content-type": type, ...(target && { "x-amz-target": target }) };
    const signed = authorization && { authorization: authorization.replace("SERVICE", service) };
    const response = await fetch(simulator.endpoint, {
      method: "POST",
      headers: { ...all, ...signed },
      body,
    });
    return wire.note({ service, operation: read[service] }, response);
  };

const unmodelled: readonly Unmodelled[] = [
  { code: "Throttling", status: 400, json: ["ThrottlingException", 400], provoke: withFault("throttle") },
  { code: "InternalFailure", status: 500, json: ["InternalFailure", 500], provoke: withFault("internal") },
  {
    code: "ServiceUnavailable",
    status: 503,
    json: ["ServiceUnavailableException", 503],
    provoke: withFault("unavailable"),
  },
  {
    code: "SignatureDoesNotMatch",
    status: 403,
    json: ["InvalidSignatureException", 400],
    provoke: signedBy("simulator", "wrong"),
  },
  {
    code: "InvalidClientTokenId",
    status: 403,
    json: ["UnrecognizedClientException", 400],
    provoke: signedBy("nobody", "simulator"),
  },
  {
    code: "MissingAuthenticationToken",
    status: 403,
    json: ["MissingAuthenticationTokenException", 400],
    provoke: fetched(""),
  },
  {
    code: "IncompleteSignature",
    status: 400,
    json: ["IncompleteSignatureException", 400],
    provoke: fetched("AWS4-HMAC-SHA256 Credential=simulator/20260301/us-east-1/SERVICE/aws4_request"),
  },
  { code: "MissingParameter", status: 400, json: ["ValidationException", 400], provoke: asking({}) },
  {
    code: "InvalidParameterValue",
    status: 400,
    provoke: asking({ DBClusterIdentifier: "orders", DBClusterSnapshotIdentifier: "a--b" }),
  },
  {
    code: "InvalidParameterCombination",
    status: 400,
    provoke: ({ wire }) => wire.call("rds", "DeleteDBCluster", { DBClusterIdentifier: "guarded" }),
  },
  {
    code: "InvalidAction",
    status: 400,
    json: ["UnknownOperationException", 400],
    // Operations that the model has and the simulator has not.
    provoke: ({ wire }, service) =>
      wire.call(service, service === "kms" ? "ListKeys" : "DescribeDBEngineVersions", {}),
  },
  {
    code: "ValidationError",
    status: 400,
    json: ["ValidationException", 400],
    provoke: ({ wire }, service) =>
      service === "kms"
        ? wire.call("kms", "DescribeKey", { KeyId: 7 })
        : wire.call("events", "PutEvents", { Entries: [] }),
  },
];

const shown = (answer: Exchange, code: string, status: number) =>
  checkError(answer, { shape: code, code, status });

/** Raised by requests that no SDK sends: signed, but old or without an operation; test/simulator sends them. */
const elsewhere = ["AccessDenied", "MissingAction", "RequestExpired"];

const root = join(import.meta.dirname, "..", "..", "simulator");

const raisable = (): string[] => {
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(root, name), "utf8"));
  const codes = sources.flatMap((text) =>
    [...text.matchAll(/commonError\(\s*"(\w+)"/g)].map(([, code]) => code),
  );
  return [...new Set(codes)].filter((code) => code !== undefined);
};

describe("the errors that no model lists", () => {
  it("are all looked at that the simulator's sources can raise", () => {
    const covered = new Set([...unmodelled.map(({ code }) => code), ...elsewhere]);
    expect(raisable().filter((code) => !covered.has(code))).toEqual([]);
  });

  it.each(unmodelled.filter(({ code }) => code !== "ValidationError"))(
    "$code comes with $status from a query service",
    async ({ code, status, provoke }) => {
      const answer = await onStage((stage) => provoke(stage, "rds"));
      expect(shown(answer, code, status), answer.body).toEqual([]);
      if (answer.error) expect(answer.error.name).toBe(code);
    },
  );

  it.each(unmodelled.filter(({ json }) => json))(
    "$code is $json from a JSON service",
    async ({ json, provoke }) => {
      const [code, status] = json as readonly [string, number];
      const answer = await onStage((stage) => provoke(stage, "kms"));
      expect(shown(answer, code, status), answer.body).toEqual([]);
      if (answer.error) expect(answer.error.name).toBe(code);
    },
  );
});
