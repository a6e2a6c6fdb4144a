import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context as LambdaContext } from "aws-lambda";
import { parse } from "yaml";
import type { Simulator } from "../../simulator/simulator.ts";
import { keepingEnvironment } from "../environment.ts";
import { plainPlan } from "../night.ts";

export const lambda = {
  awsRequestId: "request-1",
  functionName: "holdfast-test-probe",
  getRemainingTimeInMillis: () => 60_000,
} as LambdaContext;

/** A file as packaging lays it beside a bundle. */
export const layConfig = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), "holdfast-")), "holdfast.json");
  writeFileSync(path, text);
  return path;
};

/** The environment of a deployed function whose AWS is the simulator; put back afterwards. */
export const asDeployed = (
  simulator: Simulator,
  work: () => Promise<void>,
  config = plainPlan,
): Promise<void> =>
  keepingEnvironment(() => {
    Object.assign(process.env, {
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: simulator.endpoint,
      AWS_ACCESS_KEY_ID: "simulator",
      AWS_SECRET_ACCESS_KEY: "simulator",
      HOLDFAST_STAGE: "test",
      HOLDFAST_CONFIG: layConfig(JSON.stringify(parse(config))),
    });
    return work();
  });
