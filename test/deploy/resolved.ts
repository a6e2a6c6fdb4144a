import type { CloudFormation } from "./packaged.ts";

/** Where a template is deployed to, in imagination. */
const place: Readonly<Record<string, string>> = {
  "AWS::Partition": "aws",
  "AWS::AccountId": "123456789012",
  "AWS::Region": "us-east-1",
  "AWS::URLSuffix": "amazonaws.com",
};

type Resource = CloudFormation["Resources"][string];

/** ARNs of resources by type, from the names that the template gives them. */
const arns: Readonly<Record<string, (id: string, resource: Resource) => string>> = {
  "AWS::Lambda::Function": (_, { Properties }) =>
    `lambda:us-east-1:123456789012:function:${Properties.FunctionName}`,
  "AWS::StepFunctions::StateMachine": (_, { Properties }) =>
    `states:us-east-1:123456789012:stateMachine:${Properties.StateMachineName}`,
  "AWS::IAM::Role": (id) => `iam::123456789012:role/${id}`,
  "AWS::SQS::Queue": (id) => `sqs:us-east-1:123456789012:${id}`,
  "AWS::SNS::Topic": (id) => `sns:us-east-1:123456789012:${id}`,
  "AWS::Logs::LogGroup": (_, { Properties }) =>
    `logs:us-east-1:123456789012:log-group:${Properties.LogGroupName}:*`,
};

/** Types whose Ref is their ARN; of the others it is a name. */
const refIsArn = new Set(["AWS::StepFunctions::StateMachine", "AWS::SNS::Topic"]);

/** A value of a template as CloudFormation would hand it to AWS. Fails where something is referred to that is not there. */
export const resolved = (value: unknown, template: CloudFormation): unknown => {
  if (Array.isArray(value)) return value.map((one) => resolved(one, template));
  if (typeof value !== "object" || value === null) return value;
  const [[key, inner] = ["", undefined], ...others] = Object.entries(value);
  if (others.length === 0 && key === "Ref") return refOf(String(inner), template);
  if (others.length === 0 && key === "Fn::GetAtt") return attributeOf(inner as [string, string], template);
  if (others.length === 0 && key === "Fn::Sub") return substituted(inner, template);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one, template)]));
};

/** A resource's properties, as CloudFormation would hand them to AWS. */
export const propertiesOf = (id: string, template: CloudFormation): Record<string, unknown> =>
  resolved(resourceOf(id, template).Properties, template) as Record<string, unknown>;

const resourceOf = (id: string, { Resources }: CloudFormation): Resource => {
  const resource = Resources[id];
  if (resource === undefined) throw new Error(`the template refers to ${id}, which it does not have`);
  return resource;
};

const refOf = (id: string, template: CloudFormation): string => {
  if (place[id] !== undefined) return place[id];
  const resource = resourceOf(id, template);
  return refIsArn.has(resource.Type) ? arnOf(id, resource) : String(resource.Properties.FunctionName ?? id);
};

const attributeOf = ([id, attribute]: [string, string], template: CloudFormation): string =>
  attribute === "Arn" ? arnOf(id, resourceOf(id, template)) : `${id}.${attribute}`;

const arnOf = (id: string, resource: Resource): string => {
  const form = arns[resource.Type];
  if (form === undefined) throw new Error(`no ARN is known for ${resource.Type}`);
  return `arn:aws:${form(id, resource)}`;
};

const substituted = (inner: unknown, template: CloudFormation): string => {
  const [text, words = {}] = (Array.isArray(inner) ? inner : [inner]) as [string, Record<string, unknown>?];
  return text.replaceAll(/\$\{([^!}]+)\}/g, (_, word: string) => {
    const [id = "", attribute] = word.split(".");
    if (words[word] !== undefined) return String(resolved(words[word], template));
    return attribute === undefined ? refOf(id, template) : attributeOf([id, attribute], template);
  });
};
