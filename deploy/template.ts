import { alarms } from "./alarms.ts";
import { type Json, type Resources, ref } from "./cloudformation.ts";
import { dashboard, dashboardName } from "./dashboard.ts";
import {
  functionRoles,
  machineName,
  machineRole,
  schedulerRole,
  sweepMachineName,
  sweepMachineRole,
} from "./roles.ts";
import { schedules, undelivered } from "./schedules.ts";
import { functionId, type Stack } from "./stack.ts";
import { reportRule, topic, topicArn } from "./topic.ts";

/** What serverless.yml takes from here: everything that depends on the plans. */
export interface Template {
  readonly service: string;
  readonly machineName: string;
  readonly sweepMachineName: string;
  readonly resources: Resources;
  /** Additions to what the framework makes of the functions. */
  readonly extensions: Readonly<Record<string, Json>>;
  readonly outputs: Readonly<Record<string, Json>>;
}

export const makeTemplate = (stack: Stack): Template => ({
  service: stack.service,
  machineName: machineName(stack),
  sweepMachineName: sweepMachineName(stack),
  resources: {
    ...functionRoles(stack),
    MachineRole: machineRole(stack),
    SweepMachineRole: sweepMachineRole(),
    SchedulerRole: schedulerRole(stack),
    MachineLogs: machineLogs(stack, machineName(stack)),
    SweepMachineLogs: machineLogs(stack, sweepMachineName(stack)),
    ...undelivered(),
    ...schedules(stack),
    ...topic(stack),
    ...reportRule(stack),
    ...alarms(stack),
    ...dashboard(stack),
  },
  extensions: reserved(stack),
  outputs: {
    StateMachine: { Description: "What a run is started on", Value: ref("BackupStateMachine") },
    Alarms: { Description: "Where alarms go", Value: topicArn(stack) },
    Dashboard: { Description: "The page to look at first", Value: dashboardName(stack) },
  },
});

/** Vended logs go where their name begins so; elsewhere a resource policy grows until it is full. */
const machineLogs = (stack: Stack, name: string) => ({
  Type: "AWS::Logs::LogGroup",
  Properties: {
    LogGroupName: `/aws/vendedlogs/states/${name}`,
    RetentionInDays: stack.settings.logRetentionDays,
  },
});

/** The functions that Maps start many of. Their number is bounded by the Maps; a reservation is for crowded accounts. */
const reserved = ({ settings: { reservedConcurrency } }: Stack): Template["extensions"] =>
  reservedConcurrency === undefined
    ? {}
    : Object.fromEntries(
        (["snapshot", "check", "copy", "prune"] as const).map((name) => [
          functionId(name),
          { Properties: { ReservedConcurrentExecutions: reservedConcurrency } },
        ]),
      );
