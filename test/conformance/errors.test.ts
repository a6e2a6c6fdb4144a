import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { eventsErrors } from "../../simulator/events/errors.ts";
import { kmsErrors } from "../../simulator/kms/errors.ts";
import { rdsErrors } from "../../simulator/rds/errors.ts";
import { redshiftErrors } from "../../simulator/redshift/errors.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { statesErrors } from "../../simulator/states/errors.ts";
import { taggingErrors } from "../../simulator/tagging/errors.ts";
import { checkError } from "./check-error.ts";
import { errorModels, errorsOfOperation, type ServiceName } from "./model.ts";
import { provoke, type Refusal, titleOf } from "./refusal.ts";
import { kmsRefusals, statesRefusals, taggingRefusals } from "./refusals-json.ts";
import { rdsRefusals } from "./refusals-rds.ts";
import { redshiftRefusals } from "./refusals-redshift.ts";
import { createWire, type Outcome } from "./wire.ts";

/** Every error of the simulator against AWS's own API models: its code on the wire and its HTTP status. */

type ErrorTable = Readonly<Record<string, { readonly code: string; readonly status: number }>>;

const tables = {
  rds: { errors: rdsErrors, refusals: rdsRefusals, read: "DescribeDBClusters" },
  redshift: { errors: redshiftErrors, refusals: redshiftRefusals, read: "DescribeClusters" },
  kms: { errors: kmsErrors, refusals: kmsRefusals, read: "DescribeKey" },
  events: { errors: eventsErrors, refusals: [], read: "PutEvents" },
  states: { errors: statesErrors, refusals: statesRefusals, read: "DescribeExecution" },
  tagging: { errors: taggingErrors, refusals: taggingRefusals, read: "GetResources" },
} as const satisfies Partial<
  Record<ServiceName, { errors: ErrorTable; refusals: readonly Refusal[]; read: string }>
>;

type TableName = keyof typeof tables;
const tableNames = Object.keys(tables) as TableName[];
const tableOf = (service: TableName): ErrorTable => tables[service].errors;

/**
 * Faults answered by operations whose list in the model lacks them. AWS answers faults beyond those lists
 * too; each one here says why the simulator does.
 */
const beyondTheModel: Readonly<Record<string, string>> = {
  "ListTagsForResource DBClusterSnapshotNotFoundFault":
    "the model lists no fault for cluster snapshots, and what AWS answers is not known",
  "GetExecutionHistory ValidationException":
    "what breaks a limit of the model is refused before it gets to the operation, with an error of all services",
};

describe.each(tableNames)("the error table of %s", (service) => {
  it("gives each error the model's code and status", () => {
    const models = new Map(errorModels(service).map(({ shape, code, status }) => [shape, { code, status }]));
    const wrong = Object.entries(tableOf(service)).filter(
      ([shape, held]) => models.get(shape)?.code !== held.code || models.get(shape)?.status !== held.status,
    );
    expect(wrong.map(([shape, held]) => ({ shape, held, model: models.get(shape) }))).toEqual([]);
  });

  it("leaves out none of the model's errors", () => {
    const missing = errorModels(service).filter(({ shape }) => !Object.hasOwn(tableOf(service), shape));
    expect(missing).toEqual([]);
  });

  it("holds errors that the SDK knows by their codes on the wire", { timeout: 60_000 }, async () => {
    const simulator = await startSimulator();
    const wire = createWire(simulator);
    const misread: object[] = [];
    for (const [shape, { code, status }] of Object.entries(tableOf(service))) {
      simulator.faults.add({ times: 1, kind: { code, status, message: `words & <signs> of ${shape}` } });
      const answer = await wire.call(service, tables[service].read, { KeyId: "x", Entries: [] });
      const problems = checkError(answer, { shape, code, status });
      if (answer.error?.name !== shape || problems.length > 0) misread.push({ shape, answer, problems });
    }
    await simulator.close();
    expect(misread).toEqual([]);
  });
});

const provoked = new Map<Refusal, Outcome>();

beforeAll(async () => {
  for (const service of tableNames) {
    await Promise.all(
      tables[service].refusals.map(async (refusal: Refusal) => {
        provoked.set(refusal, await provoke(service, refusal));
      }),
    );
  }
});

const sourcesOf = (service: string): string[] => {
  const folder = join(import.meta.dirname, "..", "..", "simulator", service);
  return readdirSync(folder)
    .filter((name) => name !== "errors.ts")
    .map((name) => readFileSync(join(folder, name), "utf8"));
};

/** The shapes of its error table that a service's sources name: each can be answered. */
const raisable = (service: TableName): string[] => {
  const named = sourcesOf(service).flatMap((text) =>
    [...text.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name),
  );
  return [...new Set(named)].filter((name) => Object.hasOwn(tableOf(service), name));
};

describe.each(tableNames)("the refusals of %s", (service) => {
  const refusals: readonly Refusal[] = tables[service].refusals;

  it("cover every error that its sources can raise", () => {
    const covered = new Set(refusals.map(({ fault }) => fault));
    expect(raisable(service).filter((fault) => !covered.has(fault))).toEqual([]);
  });

  it.each(refusals.map((refusal) => [titleOf(refusal), refusal] as const))("%s", (_, refusal) => {
    const answer = provoked.get(refusal) as Outcome;
    const modelled = errorModels(service).find(({ shape }) => shape === refusal.fault);
    const wanted = modelled ?? { shape: refusal.fault, code: refusal.fault, status: 400 };
    expect(answer.error?.name, answer.body).toBe(refusal.fault);
    expect(checkError(answer, wanted)).toEqual([]);
    if (!modelled || `${refusal.operation} ${refusal.fault}` in beyondTheModel) return;
    expect(errorsOfOperation(service, refusal.operation)).toContain(refusal.fault);
  });
});
