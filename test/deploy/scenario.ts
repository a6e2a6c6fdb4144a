import { virtualTime } from "../../cli/virtual-time.ts";
import { type ExecutionResult, type Machine, runWorkflow } from "../../cli/workflow.ts";
import { functionNames } from "../../deploy/stack.ts";
import type { RunRequest } from "../../lib/steps/discover.ts";
import type { Scheduled } from "../../lib/steps/survey.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { scenarioPackage, templateOf } from "./packaged.ts";
import { propertiesOf } from "./resolved.ts";
import { openSandboxes, type Sandboxes } from "./sandboxes.ts";

export const account = "123456789012";
export const service = "holdfast/test";

/** What ships, in a simulated account: the packaged definition calls the built functions in their sandboxes. */
export interface Deployed extends Pick<Sandboxes, "invoke" | "log"> {
  readonly simulator: Simulator;
  run(request: RunRequest): Promise<ExecutionResult>;
  sweep(at: string): Promise<ExecutionResult>;
}

/** The functions sign with real time and think that it is the time, so the simulated account begins now. */
export const withDeployed = async (
  fleet: Fleet,
  work: (deployed: Deployed) => Promise<void>,
): Promise<void> => {
  const accounts = functionNames.map((name) => ({
    id: account,
    accessKeyId: name,
    secretAccessKey: "secret",
  }));
  const now = new Date().toISOString();
  const simulator = await startSimulator({ fleet: { now, keys: scenarioKeys, ...fleet, accounts } });
  const sandboxes = await openSandboxes(scenarioPackage(), simulator.endpoint);
  try {
    const { invoke, log } = sandboxes;
    const execute = (request: RunRequest | Scheduled, definition: Machine) =>
      runWorkflow({
        ...{ request, invoke, definition, time: virtualTime(simulator.clock) },
        clock: () => Date.now(),
      });
    await work({
      ...{ simulator, invoke, log },
      run: (request) => execute(request, packagedDefinition()),
      sweep: (at) => execute({ at }, packagedDefinition("SweepStateMachine")),
    });
  } finally {
    sandboxes.close();
    await simulator.close();
  }
};

/** A state machine as CloudFormation would create it, with functions named as the local interpreter knows them. */
export const packagedDefinition = (
  id: "BackupStateMachine" | "SweepStateMachine" = "BackupStateMachine",
): Machine => {
  const template = templateOf(scenarioPackage());
  const { DefinitionString } = propertiesOf(id, template);
  return withFunctionNames(JSON.parse(String(DefinitionString))) as Machine;
};

/** `arn:…:function:holdfast-test-copy` as the reference that the definition in workflow/ has in its place. */
const withFunctionNames = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withFunctionNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name =
        key === "FunctionName" ? /:function:holdfast-test-(\w+)$/.exec(String(inner))?.[1] : undefined;
      return [key, name ? { "Fn::GetAtt": [`${name}LambdaFunction`, "Arn"] } : withFunctionNames(inner)];
    }),
  );
};

const scenarioKeys: NonNullable<Fleet["keys"]> = [
  { region: "eu-west-1", alias: "alias/backup" },
  { region: "us-east-1", alias: "alias/clusters" },
  { region: "us-west-2", id: "1234abcd-12ab-34cd-56ef-1234567890ab" },
];

type FleetCluster = NonNullable<Fleet["clusters"]>[number];

/** A cluster that the daily plan takes. */
export const daily = (id: string, more: Partial<FleetCluster> = {}): FleetCluster => ({
  ...{
    region: "us-east-1",
    id,
    engine: "aurora-postgresql",
    sizeGib: 1,
    tags: { backup: "daily", team: "shop" },
  },
  ...more,
});
