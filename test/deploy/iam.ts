import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { type FunctionName, functionNames, roleId } from "../../deploy/stack.ts";
import type { Permission } from "../../simulator/iam.ts";
import type { CloudFormation } from "./packaged.ts";
import { resolved } from "./resolved.ts";

export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** The policy of a document that has a statement of that name, with the names of its example's stage or another. */
export const documentedPolicy = (
  sid: string,
  { names = "holdfast-prod", document = "docs/deploy.md" } = {},
): Policy => {
  const text = readFileSync(resolve(import.meta.dirname, "../..", document), "utf8");
  const policies = [...text.matchAll(/(?<=```json\n)\{ "Version"[\s\S]*?(?=```)/g)].map(
    ([json]) => JSON.parse(json.replaceAll("holdfast-prod", names)) as Policy,
  );
  const policy = policies.find(({ Statement }) => Statement.some(({ Sid }) => Sid === sid));
  if (policy === undefined) throw new Error(`${document} has no policy with ${sid}`);
  return policy;
};

/** The one policy of a role, as IAM would hold it. */
export const policyOf = (role: string, template: CloudFormation): Policy => {
  const policies = template.Resources[role]?.Properties.Policies as { PolicyDocument: unknown }[];
  if (policies?.length !== 1) throw new Error(`${role} has not one policy`);
  return resolved(policies[0]?.PolicyDocument, template) as Policy;
};

export const functionPolicies = (template: CloudFormation): ReadonlyMap<FunctionName, Policy> =>
  new Map(functionNames.map((name) => [name, policyOf(roleId(name), template)]));

const keyPolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      ...{ Effect: "Allow", Action: "kms:*", Resource: "*" },
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
    },
  ],
};

/**
 * Whether a policy allows what a service would ask IAM, by an evaluator that is not ours. It refuses an action,
 * a resource or a policy that AWS does not know, and that is an error of the test, never a "no".
 */
export const isAllowed = async (
  policy: Policy,
  { action, resource, context }: Permission,
): Promise<boolean> => {
  const answer = await runSimulation(
    {
      request: {
        principal: "arn:aws:iam::123456789012:role/holdfast",
        action,
        // An ARN without an account, as a bucket's, is of this one.
        resource: { resource, accountId: resource.split(":")[4] || "123456789012" },
        contextVariables: context as Record<string, string | string[]>,
      },
      identityPolicies: [{ name: "holdfast", policy }],
      // A key's own policy has the first word; AWS's default one leaves it to IAM.
      ...(action.startsWith("kms:") && { resourcePolicy: keyPolicy }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === "error") {
    throw new Error(`${action} on ${resource} cannot be evaluated: ${JSON.stringify(answer.errors)}`);
  }
  return answer.overallResult === "Allowed";
};
