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
import { propertiesOf, resolved } from "./resolved.ts";
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
    for (const action of ["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"])
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

  it.each(["MachineRole", "SweepMachineRole"])("%s may have its executions logged", async (role) => {
    const may = (action: string) =>
      isAllowed(policyOf(role, template), { action, resource: "*", context: {} });
    // What AWS asks for before it delivers logs (Step Functions Developer Guide, "Logging").
    for (const action of [
      ...[
        "CreateLogDelivery",
        "GetLogDelivery",
        "UpdateLogDelivery",
        "DeleteLogDelivery",
        "ListLogDeliveries",
      ],
      ...["PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"],
    ])
      expect(await may(`logs:${action}`), action).toBe(true);
  });

  it.each(["backup", "sweep"])("has a log that ends: %s", (name) => {
    const logs = ofType("AWS::Logs::LogGroup").map(properties);
    expect(
      logs.find(({ LogGroupName }) => LogGroupName === `/aws/vendedlogs/states/holdfast-test-${name}`),
    ).toMatchObject({ RetentionInDays: 30 });
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

  // What Recognise has tagged Sweep can judge, half an hour later.
  it.each([
    ["recognise", "cron(17 11 * * ? *)", "lambda:us-east-1:123456789012:function:holdfast-test-recognise"],
    ["sweep", "cron(47 11 * * ? *)", "states:us-east-1:123456789012:stateMachine:holdfast-test-sweep"],
    ["watch", "cron(7 * * * ? *)", "lambda:us-east-1:123456789012:function:holdfast-test-watch"],
  ] as const)("calls %s by itself, with the scheduled time", (name, cron, target) => {
    const { Target, ...schedule } = properties(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}Schedule`);
    expect(schedule).toMatchObject({
      ...{ State: "ENABLED", ScheduleExpression: cron, ScheduleExpressionTimezone: "UTC" },
      FlexibleTimeWindow: { Mode: "OFF" },
    });
    expect(Target).toMatchObject({
      Arn: `arn:aws:${target}`,
      DeadLetterConfig: { Arn: expect.stringContaining("UndeliveredQueue") },
    });
    expect(JSON.parse(Target.Input)).toEqual({ at: "<aws.scheduler.scheduled-time>" });
  });

  it("that could not be kept is known of for as long as a queue can hold it", () => {
    expect(properties("UndeliveredQueue").MessageRetentionPeriod).toBe(14 * 86_400);
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
    for (const name of ["recognise", "watch"])
      expect(await may("lambda:InvokeFunction", lambda(name)), name).toBe(true);
    for (const name of ["prune", "sweep"])
      expect(await may("lambda:InvokeFunction", lambda(name)), name).toBe(false);
    expect(await may("sqs:SendMessage", "sqs:us-east-1:123456789012:UndeliveredQueue")).toBe(true);
  });

  it.each([
    ["SchedulerRole", "scheduler.amazonaws.com"],
    ["MachineRole", "states.amazonaws.com"],
    ["SweepMachineRole", "states.amazonaws.com"],
  ])("is of no other account: %s is taken by %s for this one's work alone", (role, Service) => {
    expect(properties(role).AssumeRolePolicyDocument).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } },
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
  });
});

describe("watching", () => {
  const alarms = ofType("AWS::CloudWatch::Alarm").map((id) => properties(id) as Record<string, unknown>);
  const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `holdfast-test-${name}`);

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

  const service = "holdfast/test";
  const machine = (name: string) => ({
    StateMachineArn: `arn:aws:states:us-east-1:123456789012:stateMachine:holdfast-test-${name}`,
  });
  const ofFunction = (name: string) => ({ FunctionName: `holdfast-test-${name}` });
  /** An alarm's name; namespace, metric, statistic and period; what is too much; of what. */
  type Look = readonly [
    name: string,
    metric: string,
    threshold: number,
    of: Readonly<Record<string, string>>,
  ];
  const agesOf = (place: { readonly region: string; readonly kind: string }, objective: number): Look[] => {
    const name = `daily-${place.kind}-${place.region}`;
    const of = { service, plan: "daily", ...place };
    return [
      [`${name}-recovery-point-age`, "Holdfast RecoveryPointAge Maximum 3600", objective, of],
      [`${name}-run-age`, "Holdfast RunAge Maximum 3600", objective, of],
    ];
  };
  const looks: readonly Look[] = [
    ...agesOf({ region: "us-east-1", kind: "source" }, 26 * 3600),
    ...agesOf({ region: "us-west-2", kind: "source" }, 26 * 3600),
    ...agesOf({ region: "eu-west-1", kind: "copy" }, 30 * 3600),
    ...["us-east-1", "us-west-2", "eu-west-1"].map(
      (region): Look => [`${region}-keys`, "Holdfast KeysUnusable Maximum 3600", 0, { service, region }],
    ),
    ["executions-failed", "AWS/States ExecutionsFailed Sum 300", 0, machine("backup")],
    ["executions-timedout", "AWS/States ExecutionsTimedOut Sum 300", 0, machine("backup")],
    ["executions-aborted", "AWS/States ExecutionsAborted Sum 300", 0, machine("backup")],
    ["sweep-failed", "AWS/States ExecutionsFailed Sum 300", 0, machine("sweep")],
    ["sweep-timedout", "AWS/States ExecutionsTimedOut Sum 300", 0, machine("sweep")],
    ["sweep-problems", "Holdfast SweepProblems Sum 86400", 0, { service }],
    ["throttling", "Holdfast ThrottledCalls Sum 3600", 100, { service }],
    ["recognise-errors", "AWS/Lambda Errors Sum 300", 0, ofFunction("recognise")],
    ["watch-errors", "AWS/Lambda Errors Sum 300", 0, ofFunction("watch")],
    [
      "undelivered",
      "AWS/SQS ApproximateNumberOfMessagesVisible Maximum 300",
      0,
      { QueueName: "UndeliveredQueue.QueueName" },
    ],
  ];

  type Dimensions = readonly { readonly Name: string; readonly Value: string }[];
  const named = (dimensions: unknown) =>
    Object.fromEntries((dimensions as Dimensions).map(({ Name, Value }) => [Name, Value]));

  it.each(looks)("looks for %s at the figure that tells it", (name, metric, threshold, dimensions) => {
    const one = alarm(name) ?? {};
    expect([one.Namespace, one.MetricName, one.Statistic, one.Period].join(" ")).toBe(metric);
    expect(one.Threshold).toBe(threshold);
    expect(named(one.Dimensions)).toEqual(dimensions);
  });

  it("looks for concurrency at every function's throttles", () => {
    const { Metrics, Threshold, EvaluationPeriods } = alarm("concurrency") as {
      Metrics: { Expression?: string; MetricStat?: { Metric: Record<string, unknown>; Stat: string } }[];
      Threshold: number;
      EvaluationPeriods: number;
    };
    expect([Threshold, EvaluationPeriods]).toEqual([0, 3]);
    const stats = Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
    expect(stats.map(({ Metric, Stat }) => [Metric.MetricName, Stat, named(Metric.Dimensions)])).toEqual(
      functionNames.map((name) => ["Throttles", "Sum", ofFunction(name)]),
    );
    expect(Metrics.flatMap(({ Expression }) => Expression ?? [])).toEqual(["SUM(METRICS())"]);
  });

  it("has no other alarm, and each goes to the topic, as well when it is over", () => {
    const names = [...looks.map(([name]) => name), "concurrency"];
    expect(alarms.map(({ AlarmName }) => AlarmName).toSorted()).toEqual(
      names.map((name) => `holdfast-test-${name}`).toSorted(),
    );
    const topic = ["arn:aws:sns:us-east-1:123456789012:AlarmTopic"];
    for (const one of alarms)
      expect(one, String(one.AlarmName)).toMatchObject({
        ...{ AlarmActions: topic, OKActions: topic, ComparisonOperator: "GreaterThanThreshold" },
      });
  });

  it("waits for a second hour of an age only, and takes silence for bad news of an age only", () => {
    const isAge = ({ AlarmName }: Record<string, unknown>) => String(AlarmName).endsWith("-age");
    for (const one of alarms)
      expect(one.TreatMissingData, String(one.AlarmName)).toBe(isAge(one) ? "breaching" : "notBreaching");
    const longer = /-age$|-keys$|-concurrency$/;
    for (const one of alarms.filter(({ AlarmName }) => !longer.test(String(AlarmName))))
      expect(one.EvaluationPeriods, String(one.AlarmName)).toBe(1);
    for (const one of alarms.filter(isAge)) expect(one.EvaluationPeriods).toBe(2);
  });

  it("speaks through a topic under a key that CloudWatch and EventBridge may use", () => {
    expect(properties("AlarmTopic").KmsMasterKeyId).toBe("AlarmKey");
    const { KeyPolicy } = properties("AlarmKey") as { KeyPolicy: { Statement: Record<string, unknown>[] } };
    expect(KeyPolicy.Statement.find(({ Sid }) => Sid === "Speakers")).toMatchObject({
      Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    });
    const { PolicyDocument } = properties("AlarmTopicPolicy");
    const publish = {
      ...{ Effect: "Allow", Action: "sns:Publish" },
      Resource: "arn:aws:sns:us-east-1:123456789012:AlarmTopic",
    };
    // A condition that EventBridge does not fill would silence every report.
    expect(PolicyDocument.Statement).toEqual([
      {
        ...{ Sid: "Alarms", ...publish, Principal: { Service: "cloudwatch.amazonaws.com" } },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
      { Sid: "Reports", ...publish, Principal: { Service: "events.amazonaws.com" } },
    ]);
  });

  it("passes the reports of this stage's incomplete runs on to the topic", () => {
    expect(properties("IncompleteRule")).toMatchObject({
      EventPattern: {
        ...{ source: ["holdfast"], "detail-type": ["Holdfast Backup Incomplete"] },
        detail: { service: ["holdfast/test"] },
      },
      Targets: [{ Arn: "arn:aws:sns:us-east-1:123456789012:AlarmTopic" }],
    });
  });

  interface Widget {
    readonly title: string;
    readonly region: string;
    readonly metrics: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  }

  it("has a page whose name is this region's alone: dashboards are those of the account", () => {
    expect(properties("Dashboard").DashboardName).toBe("holdfast-test-us-east-1");
    expect(resolved(template.Outputs.Dashboard, template)).toMatchObject({
      Value: "holdfast-test-us-east-1",
    });
  });

  it("has a page whose every figure is one that is published", () => {
    const body = JSON.parse(String(properties("Dashboard").DashboardBody)) as {
      widgets: { properties: Widget }[];
    };
    expect(body.widgets.length).toBeGreaterThan(4);
    const ages = looks.filter(([name]) => name.endsWith("-age"));
    const objectives = new Set(ages.map(([, , threshold]) => threshold));
    for (const { properties: widget } of body.widgets) {
      expect(widget.region).toBe("us-east-1");
      for (const metric of widget.metrics) expect(["Holdfast", "AWS/States"]).toContain(metric[0]);
      for (const line of widget.annotations?.horizontal ?? []) expect(objectives).toContain(line.value);
    }
    const executions = body.widgets.find(({ properties: { title } }) => title === "Executions");
    for (const metric of executions?.properties.metrics ?? [])
      expect(metric.slice(2)).toEqual(Object.entries(machine("backup")).flat());
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

  it("has alarms written to whom it is told of", () => {
    const config = loadConfig(join(packaging.folder, "holdfast.yml"), "us-east-1");
    const settings = { logRetentionDays: 30, alarmEmail: "oncall@example.com" };
    const { resources } = makeTemplate({ config, stage: "test", service: "holdfast/test", settings });
    expect(resources.AlarmEmail).toEqual({
      Type: "AWS::SNS::Subscription",
      Properties: { TopicArn: { Ref: "AlarmTopic" }, Protocol: "email", Endpoint: "oncall@example.com" },
    });
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
      ...{ FunctionName: "holdfast-prod-copy", MemorySize: 1024 },
      Environment: { Variables: { HOLDFAST_STAGE: "prod", POWERTOOLS_LOG_LEVEL: "INFO" } },
    });
    const reserved = functionNames.filter((name) => of(functionId(name)).ReservedConcurrentExecutions === 20);
    expect(reserved).toEqual(["snapshot", "check", "copy", "prune"]);
    expect(of("ThrottlingAlarm").AlarmActions).toEqual(["arn:aws:sns:eu-west-1:123456789012:oncall"]);
  });
});
