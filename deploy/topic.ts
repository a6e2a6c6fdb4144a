import { arn, type Json, type Resource, type Resources, ref } from "./cloudformation.ts";
import type { Stack } from "./stack.ts";

/** Who speaks to the topic: alarms, and the rule that passes reports on. */
const alarmService = "cloudwatch.amazonaws.com";
const ruleService = "events.amazonaws.com";

/**
 * AWS documents this condition for CloudWatch on a topic (SNS guide, "Example cases"). For EventBridge, and for
 * either on a key, its examples have none, and a condition that is not filled would silence every alarm.
 */
const thisAccount = { StringEquals: { "aws:SourceAccount": ref("AWS::AccountId") } };

/** Where alarms go: the operator's own topic, or the one that the stack makes. */
export const topicArn = ({ settings }: Stack): Json => settings.alarmTopic ?? ref("AlarmTopic");

/**
 * The topic under a key of ours. Under `alias/aws/sns` CloudWatch and EventBridge may not encrypt, and their
 * messages get lost without a word.
 */
export const topic = ({ settings }: Stack): Resources =>
  settings.alarmTopic === undefined
    ? {
        AlarmKey: key,
        AlarmTopic: { Type: "AWS::SNS::Topic", Properties: { KmsMasterKeyId: ref("AlarmKey") } },
        AlarmTopicPolicy: topicPolicy,
        ...(settings.alarmEmail && { AlarmEmail: subscription(settings.alarmEmail) }),
      }
    : {};

/** Whether anybody hears of an alarm; who listens to a topic that the stack does not make is not ours to see. */
export const hasListener = ({ settings }: Stack): boolean =>
  (settings.alarmTopic ?? settings.alarmEmail) !== undefined;

/** What to do where nobody does. */
export const noListener =
  "nobody is told of alarms, since the topic that this stack makes has no subscriber; package with " +
  "`--param alarm-email=oncall@example.com` or `--param alarm-topic=ARN`, or subscribe somebody to the topic " +
  "once it is deployed: its ARN is the stack's output Alarms";

const key: Resource = {
  Type: "AWS::KMS::Key",
  DeletionPolicy: "Delete",
  UpdateReplacePolicy: "Delete",
  Properties: {
    Description: "Alarms of Holdfast on their way to SNS",
    EnableKeyRotation: true,
    KeyPolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Sid: "Account", Effect: "Allow", Action: "kms:*", Resource: "*" },
          Principal: { AWS: arn("iam", "", "root") },
        },
        {
          ...{ Sid: "Speakers", Effect: "Allow", Principal: { Service: [alarmService, ruleService] } },
          ...{ Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" },
        },
      ],
    },
  },
};

const topicPolicy: Resource = {
  Type: "AWS::SNS::TopicPolicy",
  Properties: {
    Topics: [ref("AlarmTopic")],
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Sid: "Alarms", Effect: "Allow", Principal: { Service: alarmService } },
          ...{ Action: "sns:Publish", Resource: ref("AlarmTopic"), Condition: thisAccount },
        },
        {
          ...{ Sid: "Reports", Effect: "Allow", Principal: { Service: ruleService } },
          ...{ Action: "sns:Publish", Resource: ref("AlarmTopic") },
        },
      ],
    },
  },
};

const subscription = (address: string): Resource => ({
  Type: "AWS::SNS::Subscription",
  Properties: { TopicArn: ref("AlarmTopic"), Protocol: "email", Endpoint: address },
});

/** An incomplete run's event as a message: an alarm says that something is wrong, this says with which cluster. */
export const reportRule = (stack: Stack): Resources => ({
  IncompleteRule: {
    Type: "AWS::Events::Rule",
    Properties: {
      Description: "Passes the reports of incomplete runs on",
      EventPattern: {
        source: ["holdfast"],
        "detail-type": ["Holdfast Backup Incomplete"],
        detail: { service: [stack.service] },
      },
      Targets: [{ Id: "topic", Arn: topicArn(stack) }],
    },
  },
});
