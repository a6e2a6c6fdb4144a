import { describe, expect, it } from "vitest";
import { documentedPolicy, isAllowed, type Policy } from "./iam.ts";
import { scenarioPackage, templateOf } from "./packaged.ts";
import { propertiesOf } from "./resolved.ts";

const template = templateOf(scenarioPackage());
const account = "123456789012";
const arnOf = (service: string, rest: string, region = "us-east-1"): string =>
  `arn:aws:${service}:${region}:${account}:${rest}`;
const calledByCloudFormation = { "aws:CalledVia": ["cloudformation.amazonaws.com"] };

/** The policy of docs/deploy.md, for the stage that the tests package. */
const documented = (): Policy => documentedPolicy("Stack", { names: "holdfast-test" });

// biome-ignore lint/suspicious/noExplicitAny: a template is data
type Creation = readonly [action: string, resourceOf: (properties: any, generated: string) => string];

/** What creates a resource of a type, and what IAM is asked it of; what has no name of ours gets one from the stack's. */
const creations: Readonly<Record<string, Creation>> = {
  "AWS::S3::Bucket": ["s3:CreateBucket", (_, name) => `arn:aws:s3:::${name.toLowerCase()}`],
  "AWS::S3::BucketPolicy": [
    "s3:PutBucketPolicy",
    () => "arn:aws:s3:::holdfast-test-serverlessdeploymentbucket-x",
  ],
  "AWS::Logs::LogGroup": ["logs:CreateLogGroup", (p) => arnOf("logs", `log-group:${p.LogGroupName}`)],
  "AWS::Lambda::Function": ["lambda:CreateFunction", (p) => arnOf("lambda", `function:${p.FunctionName}`)],
  "AWS::Lambda::EventInvokeConfig": [
    "lambda:PutFunctionEventInvokeConfig",
    () => arnOf("lambda", "function:holdfast-test-watch"),
  ],
  "AWS::StepFunctions::StateMachine": [
    "states:CreateStateMachine",
    (p) => arnOf("states", `stateMachine:${p.StateMachineName}`),
  ],
  "AWS::IAM::Role": ["iam:CreateRole", (_, name) => arnOf("iam", `role/${name}`, "")],
  "AWS::SQS::Queue": ["sqs:CreateQueue", (_, name) => arnOf("sqs", name)],
  "AWS::Scheduler::ScheduleGroup": [
    "scheduler:CreateScheduleGroup",
    (p) => arnOf("scheduler", `schedule-group/${p.Name}`),
  ],
  "AWS::Scheduler::Schedule": [
    "scheduler:CreateSchedule",
    (p) => arnOf("scheduler", `schedule/holdfast-test/${p.Name}`),
  ],
  "AWS::KMS::Key": ["kms:CreateKey", () => "*"],
  "AWS::SNS::Topic": ["sns:CreateTopic", (_, name) => arnOf("sns", name)],
  "AWS::SNS::TopicPolicy": ["sns:SetTopicAttributes", () => arnOf("sns", "holdfast-test-AlarmTopic-X")],
  "AWS::SNS::Subscription": ["sns:Subscribe", () => arnOf("sns", "holdfast-test-AlarmTopic-X")],
  "AWS::Events::Rule": ["events:PutRule", (_, name) => arnOf("events", `rule/${name}`)],
  "AWS::CloudWatch::Alarm": ["cloudwatch:PutMetricAlarm", (p) => arnOf("cloudwatch", `alarm:${p.AlarmName}`)],
  "AWS::CloudWatch::Dashboard": [
    "cloudwatch:PutDashboard",
    (p) => arnOf("cloudwatch", `dashboard/${p.DashboardName}`, ""),
  ],
};

describe("who deploys by the policy of docs/deploy.md", () => {
  it("may create every resource of the template", async () => {
    const policy = documented();
    const refused: string[] = [];
    for (const [id, { Type }] of Object.entries(template.Resources)) {
      const [action = "", resourceOf = () => ""] = creations[Type] ?? [];
      expect(action, `${id} is of a type that this test does not know: ${Type}`).not.toBe("");
      const resource = resourceOf(propertiesOf(id, template), `holdfast-test-${id}-X`);
      if (!(await isAllowed(policy, { action, resource, context: calledByCloudFormation })))
        refused.push(`${action} ${resource}`);
    }
    expect(refused).toEqual([]);
  });

  it("may hand each role to the service that assumes it", async () => {
    const services = new Set<string>();
    for (const [id, { Type }] of Object.entries(template.Resources).filter(
      ([, one]) => one.Type === "AWS::IAM::Role",
    )) {
      const trust = JSON.stringify(propertiesOf(id, template).AssumeRolePolicyDocument);
      const [service = Type] = /[a-z]+\.amazonaws\.com/.exec(trust) ?? [];
      services.add(service);
      const question = {
        action: "iam:PassRole",
        resource: arnOf("iam", `role/holdfast-test-${id}-X`, ""),
        context: { "iam:PassedToService": service },
      };
      expect(await isAllowed(documented(), question), id).toBe(true);
    }
    expect([...services].toSorted()).toEqual([
      "lambda.amazonaws.com",
      "scheduler.amazonaws.com",
      "states.amazonaws.com",
    ]);
  });

  it("may create nothing of another stack", async () => {
    const others = [
      ["states:CreateStateMachine", arnOf("states", "stateMachine:payroll-backup")],
      ["iam:CreateRole", arnOf("iam", "role/payroll-admin", "")],
      ["lambda:CreateFunction", arnOf("lambda", "function:payroll-sweep")],
    ] as const;
    for (const [action, resource] of others)
      expect(await isAllowed(documented(), { action, resource, context: {} }), resource).toBe(false);
  });
});
