import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CelEngine, TemplateFile } from "@aws/cloudformation-validate";
import validate from "asl-validator";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { startsExecution, statesOf } from "../../cli/workflow.ts";
import { frameworkResources } from "../../deploy/packaging-problems.ts";
import { defaults, readSettings } from "../../deploy/settings.ts";
import { functionId, functionNames, roleId } from "../../deploy/stack.ts";
import { makeTemplate } from "../../deploy/template.ts";
import { loadConfig } from "../../lib/runtime/config-file.ts";
import { isAllowed, policyOf } from "./iam.ts";
import { packageProject, scenarioPackage, templateOf, templatePath } from "./packaged.ts";
import { propertiesOf } from "./resolved.ts";
import { packagedDefinition } from "./scenario.ts";

/** What comes out of packaging, as CloudFormation and AWS will take it. */
const packaging = scenarioPackage();
const template = templateOf(packaging);
const root = resolve(import.meta.dirname, "../..");

const ofType = (type: string): readonly string[] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id);
// biome-ignore lint/suspicious/noExplicitAny: a template is data, and what is looked for in it is said by each test
const properties = (id: string): any => propertiesOf(id, template);

/** Some ten seconds alone, and several times that on a busy machine. */
const linterTakes = { timeout: 300_000 };
const cfnLint = spawnSync("cfn-lint", ["--version"], { encoding: "utf8" });

describe("the template", () => {
  it("refers to nothing that it does not have", () => {
    for (const id of Object.keys(template.Resources))
      expect(() => propertiesOf(id, template), id).not.toThrow();
  });

  it("has no error and no warning for AWS's own validator that is of the template itself", () => {
    const { diagnostics } = new CelEngine().validateStandard(new TemplateFile(templatePath(packaging)));
    const found = diagnostics.filter(
      ({ severity, ruleId }) => ["FATAL", "ERROR"].includes(String(severity)) || ruleId === "W3030",
    );
    expect(found).toEqual([]);
  });

  it.skipIf(cfnLint.error)(
    "passes cfn-lint (skipped where it is missing: pip install cfn-lint)",
    linterTakes,
    () => {
      const { stdout, status } = spawnSync(
        "cfn-lint",
        ["--config-file", `${root}/.cfnlintrc.yml`, templatePath(packaging)],
        {
          encoding: "utf8",
        },
      );
      expect(stdout).toBe("");
      expect(status).toBe(0);
    },
  );

  it("has as many resources as packaging counts, which CloudFormation limits", () => {
    const config = loadConfig(join(packaging.folder, "holdfast.yml"), "us-east-1");
    const stack = { config, stage: "test", service: "holdfast/test", settings: { logRetentionDays: 30 } };
    const own = Object.keys(makeTemplate(stack).resources);
    expect(Object.keys(template.Resources)).toEqual(expect.arrayContaining(own));
    expect(Object.keys(template.Resources)).toHaveLength(own.length + frameworkResources);
  });

  it("is made without account, partition or credentials in it", () => {
    const text = readFileSync(templatePath(packaging), "utf8");
    // A key of another account may be named by its ARN in holdfast.yml; these plans name none.
    expect(text.match(/arn:aws[^\s"$]*/g) ?? []).toEqual([]);
    expect(text).not.toMatch(/\b\d{12}\b/);
  });
});

describe("a function", () => {
  it.each(functionNames)(
    "%s has Lambda's newest Node, its own role, a time of its own, and a log that ends",
    (name) => {
      const lambda = properties(functionId(name));
      expect(lambda).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Role: expect.stringContaining(roleId(name)),
        TracingConfig: { Mode: "Active" },
      });
      expect(lambda).not.toHaveProperty("ReservedConcurrentExecutions");
      const log = properties(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}LogGroup`);
      expect(log).toMatchObject({ LogGroupName: `/aws/lambda/holdfast-test-${name}`, RetentionInDays: 30 });
    },
  );

  it("ends by itself before its state gives it up", () => {
    const definitions = [packagedDefinition(), packagedDefinition("SweepStateMachine")];
    const tasks = definitions
      .flatMap(statesOf)
      .filter(([, state]) => state.Type === "Task" && !startsExecution(state));
    for (const [name, state] of tasks) {
      const called = (state.Parameters as { FunctionName: { "Fn::GetAtt": string[] } }).FunctionName[
        "Fn::GetAtt"
      ][0];
      const id = functionNames.find((one) => `${one}LambdaFunction` === called);
      const { Timeout } = properties(functionId(id ?? "watch"));
      expect(Number(state.TimeoutSeconds), name).toBeGreaterThan(Number(Timeout));
    }
  });
});

describe("the packaged state machine", () => {
  const machine = properties("BackupStateMachine");

  it.each(["Backup", "Sweep"])("%s is valid, of the standard kind, logged and traced", (name) => {
    const machine = properties(`${name}StateMachine`);
    const { isValid, errorsText } = validate(JSON.parse(String(machine.DefinitionString)));
    expect(isValid, errorsText?.("\n")).toBe(true);
    expect(machine).toMatchObject({
      StateMachineType: "STANDARD",
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: "ERROR" },
    });
  });

  it("runs every Map distributed, tolerates a child that dies, and catches what ends a Map", () => {
    const maps = statesOf(packagedDefinition()).filter(([, { Type }]) => Type === "Map");
    expect(maps.map(([name]) => name)).toEqual(["Parts", "Batches", "Destinations", "Prunes"]);
    for (const [name, state] of maps) {
      expect(state.MaxConcurrency ?? state.MaxConcurrencyPath, name).toBeDefined();
      expect(state, name).toMatchObject({
        ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } },
        ToleratedFailurePercentage: 100,
        Catch: [{ ErrorEquals: ["States.ALL"] }],
      });
    }
  });

  it("gives up at least half an hour after the latest deadline that a plan may have", () => {
    const { TimeoutSeconds } = JSON.parse(String(machine.DefinitionString)) as { TimeoutSeconds: number };
    expect(TimeoutSeconds - 23 * 3600).toBeGreaterThanOrEqual(1800);
    const late = () => loadConfig(`${root}/test/fixtures/late.yml`, "us-east-1");
    expect(late).toThrow(/deadline is "24h"; use at most 23h/);
  });

  it("may start and mind its own children, call its functions, and nothing else", async () => {
    const policy = policyOf("MachineRole", template);
    const state = (resource: string) => `arn:aws:states:us-east-1:123456789012:${resource}`;
    const may = (action: string, resource: string) => isAllowed(policy, { action, resource, context: {} });
    expect(await may("states:StartExecution", state("stateMachine:holdfast-test-backup"))).toBe(true);
    expect(await may("states:StopExecution", state("execution:holdfast-test-backup/Batches:one"))).toBe(true);
    for (const action of ["states:DescribeExecution", "states:StopExecution"])
      expect(await may(action, state("execution:holdfast-test-backup:a-part")), action).toBe(true);
    const rule = (name: string) => `arn:aws:events:us-east-1:123456789012:rule/${name}`;
    for (const action of ["events:PutTargets", "events:PutRule", "events:DescribeRule"]) {
      expect(await may(action, rule("StepFunctionsGetEventsForStepFunctionsExecutionRule")), action).toBe(
        true,
      );
      expect(await may(action, rule("other")), action).toBe(false);
    }
    expect(await may("states:StartExecution", state("stateMachine:other"))).toBe(false);
    expect(await may("states:StopExecution", state("execution:other:one"))).toBe(false);
    const lambda = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:holdfast-test-${name}`;
    for (const name of ["discover", "snapshot", "check", "copy", "prune", "report"])
      expect(await may("lambda:InvokeFunction", lambda(name)), name).toBe(true);
    for (const name of ["sweep", "recognise", "watch", "other"])
      expect(await may("lambda:InvokeFunction", lambda(name)), name).toBe(false);
  });

  it("of a sweep may call Sweep, and nothing else", async () => {
    const policy = policyOf("SweepMachineRole", template);
    const may = (action: string, resource: string) =>
      isAllowed(policy, { action, resource: `arn:aws:${resource}`, context: {} });
    const lambda = (name: string) => `lambda:us-east-1:123456789012:function:holdfast-test-${name}`;
    expect(await may("lambda:InvokeFunction", lambda("sweep"))).toBe(true);
    for (const name of ["prune", "snapshot", "watch"])
      expect(await may("lambda:InvokeFunction", lambda(name)), name).toBe(false);
    const machine = "states:us-east-1:123456789012:stateMachine:holdfast-test-sweep";
    expect(await may("states:StartExecution", machine)).toBe(false);
  });

  it("of a sweep is given up before the next day's begins", () => {
    const { TimeoutSeconds } = JSON.parse(String(properties("SweepStateMachine").DefinitionString)) as {
      TimeoutSeconds: number;
    };
    expect(TimeoutSeconds).toBeLessThan(23 * 3600);
  });
});

describe("a schedule", () => {
  it("starts its plan with the scheduled time, in the plan's zone, within its window, and is not lost", () => {
    const plan = properties("PlanDailySchedule");
    expect(plan).toMatchObject({
      Name: "plan-daily",
      State: "ENABLED",
      ScheduleExpression: "cron(0 3 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
      Target: {
        Arn: "arn:aws:states:us-east-1:123456789012:stateMachine:holdfast-test-backup",
        RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 21_600 },
        DeadLetterConfig: { Arn: expect.stringContaining("UndeliveredQueue") },
      },
    });
    const { Input } = plan.Target as { Input: string };
    expect(JSON.parse(Input)).toEqual({ plan: "daily", at: "<aws.scheduler.scheduled-time>" });
  });

  it("stays, switched off, for a plan that is", () => {
    expect(properties("PlanWeeklyXfarSchedule")).toMatchObject({
      State: "DISABLED",
      ScheduleExpression: "rate(7 days)",
    });
  });

  it.each([
    ["sweep", "states:us-east-1:123456789012:stateMachine:holdfast-test-sweep"],
    ["recognise", "lambda:us-east-1:123456789012:function:holdfast-test-recognise"],
    ["watch", "lambda:us-east-1:123456789012:function:holdfast-test-watch"],
  ] as const)("calls %s by itself, with the scheduled time", (name, target) => {
    const { Target } = properties(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}Schedule`);
    expect(Target).toMatchObject({ Arn: `arn:aws:${target}` });
    expect(JSON.parse(Target.Input)).toEqual({ at: "<aws.scheduler.scheduled-time>" });
  });

  it("has a role that only this account's scheduler may take, for these targets alone", async () => {
    const policy = policyOf("SchedulerRole", template);
    const may = (action: string, resource: string) =>
      isAllowed(policy, { action, resource: `arn:aws:${resource}`, context: {} });
    expect(
      await may("states:StartExecution", "states:us-east-1:123456789012:stateMachine:holdfast-test-backup"),
    ).toBe(true);
    expect(
      await may("states:StartExecution", "states:us-east-1:123456789012:stateMachine:holdfast-test-sweep"),
    ).toBe(true);
    const lambda = (name: string) => `lambda:us-east-1:123456789012:function:holdfast-test-${name}`;
    expect(await may("lambda:InvokeFunction", lambda("watch"))).toBe(true);
    for (const name of ["prune", "sweep"])
      expect(await may("lambda:InvokeFunction", lambda(name)), name).toBe(false);
    expect(await may("sqs:SendMessage", "sqs:us-east-1:123456789012:UndeliveredQueue")).toBe(true);
    expect(properties("SchedulerRole").AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: "scheduler.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
  });
});

describe("watching", () => {
  const alarms = ofType("AWS::CloudWatch::Alarm").map((id) => properties(id) as Record<string, unknown>);
  const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `holdfast-test-${name}`);

  it.each([
    ["daily-source-us-east-1-recovery-point-age", "RecoveryPointAge", 26 * 3600],
    ["daily-source-us-west-2-run-age", "RunAge", 26 * 3600],
    ["daily-copy-eu-west-1-recovery-point-age", "RecoveryPointAge", 30 * 3600],
    ["daily-copy-eu-west-1-run-age", "RunAge", 30 * 3600],
  ])("alarms on %s over the objective, and on silence", (name, MetricName, Threshold) => {
    expect(alarm(name)).toMatchObject({
      ...{
        Namespace: "Holdfast",
        MetricName,
        Threshold,
        TreatMissingData: "breaching",
        Statistic: "Maximum",
      },
      Period: 3600,
    });
    const { Dimensions } = alarm(name) as { Dimensions: { Name: string; Value: string }[] };
    expect(Dimensions.map(({ Name }) => Name)).toEqual(["service", "plan", "region", "kind"]);
  });

  it("alarms on a key that any hour of the last day names, since that passes between two looks at all", () => {
    expect(alarm("eu-west-1-keys")).toMatchObject({
      EvaluationPeriods: 26,
      DatapointsToAlarm: 1,
      Period: 3600,
    });
    expect(alarms.filter((one) => "DatapointsToAlarm" in one)).toHaveLength(
      alarms.filter(({ MetricName }) => MetricName === "KeysUnusable").length,
    );
  });

  it("alarms on none of a plan that is switched off", () => {
    expect(alarms.filter(({ AlarmName }) => String(AlarmName).includes("weekly-far"))).toEqual([]);
  });

  it.each([
    ...["executions-failed", "executions-timedout", "executions-aborted", "eu-west-1-keys", "throttling"],
    ...["undelivered", "recognise-errors", "watch-errors", "concurrency"],
    ...["sweep-failed", "sweep-timedout", "sweep-problems"],
  ])("alarms on %s, to the topic", (name) => {
    expect(alarm(name)).toMatchObject({
      AlarmActions: ["arn:aws:sns:us-east-1:123456789012:AlarmTopic"],
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
    });
  });

  it("speaks through a topic under a key that CloudWatch and EventBridge may use", () => {
    expect(properties("AlarmTopic").KmsMasterKeyId).toBe("AlarmKey");
    const { KeyPolicy } = properties("AlarmKey") as { KeyPolicy: { Statement: Record<string, unknown>[] } };
    expect(KeyPolicy.Statement.find(({ Sid }) => Sid === "Speakers")).toMatchObject({
      Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    });
    const { PolicyDocument } = properties("AlarmTopicPolicy");
    const speakers = PolicyDocument.Statement.map(({ Principal }: { Principal: object }) => Principal);
    expect(speakers).toEqual([{ Service: "cloudwatch.amazonaws.com" }, { Service: "events.amazonaws.com" }]);
  });

  it("has a page whose every figure is one that is published", () => {
    const body = JSON.parse(String(properties("Dashboard").DashboardBody)) as {
      widgets: { properties: { metrics: unknown[][]; region: string } }[];
    };
    expect(body.widgets.length).toBeGreaterThan(4);
    for (const { properties: widget } of body.widgets) {
      expect(widget.region).toBe("us-east-1");
      for (const metric of widget.metrics) expect(["Holdfast", "AWS/States"]).toContain(metric[0]);
    }
  });
});

describe("parameters", () => {
  it("that let nobody know of an alarm are no mistake, and are told of", () => {
    expect(ofType("AWS::SNS::Topic")).toHaveLength(1);
    expect(ofType("AWS::SNS::Subscription")).toEqual([]);
    expect(packaging.stderr).toMatch(
      /^holdfast: nobody is told of alarms, .*package with `--param alarm-email=.*` or `--param alarm-topic=.*`, or subscribe/m,
    );
  });

  it("of serverless.yml are those that packaging checks, with the same defaults", () => {
    const { params } = parse(readFileSync(`${root}/serverless.yml`, "utf8"), { logLevel: "silent" });
    expect(params.default).toEqual(defaults);
    expect(readSettings(params.default, "us-east-1")).toEqual({ logRetentionDays: 30 });
  });

  it("change what they name, and nothing else is needed", { timeout: 120_000 }, () => {
    const given = packageProject({
      args: [
        ...[
          "--stage",
          "prod",
          "--region",
          "eu-west-1",
          "--param",
          "log-retention=90",
          "--param",
          "memory=1024",
        ],
        ...[
          "--param",
          "alarm-topic=arn:aws:sns:eu-west-1:123456789012:oncall",
          "--param",
          "reserved-concurrency=20",
        ],
      ],
    });
    expect(given.status, given.stdout + given.stderr).toBe(0);
    expect(given.stderr).not.toMatch(/holdfast:/);
    const other = templateOf(given);
    expect(other.Resources).not.toHaveProperty("AlarmTopic");
    const of = (id: string) => propertiesOf(id, other);
    expect(of("CopyLogGroup").RetentionInDays).toBe(90);
    expect(of("CopyLambdaFunction")).toMatchObject({
      ...{ FunctionName: "holdfast-prod-copy", MemorySize: 1024, ReservedConcurrentExecutions: 20 },
      Environment: { Variables: { HOLDFAST_STAGE: "prod" } },
    });
    expect(of("ThrottlingAlarm").AlarmActions).toEqual(["arn:aws:sns:eu-west-1:123456789012:oncall"]);
  });
});
