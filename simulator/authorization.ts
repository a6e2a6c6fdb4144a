import { parseArn } from "./arn.ts";
import {
  type Authorize,
  type Context,
  type Permission,
  type Principal,
  type Question,
  userArn,
} from "./iam.ts";
import type { Incoming } from "./incoming.ts";
import type { Call, Operation } from "./operation.ts";
import { type AwsError, commonError } from "./protocol/errors.ts";

/** A question as it is put to IAM. */
export interface Asked {
  readonly permission: Permission;
  readonly principal: Principal;
  /** Made only where it is needed: an error takes its stack along. */
  readonly refusal: () => AwsError;
}

/**
 * The questions a call raises, with the tags as they are now. An operation that declares none asks for itself on
 * `*`; one that declares an empty list is allowed to everybody.
 */
export const questionsOf = (
  { service, serviceName }: Pick<Incoming, "service" | "serviceName">,
  operation: Operation,
  { input, call }: { readonly input: Parameters<Operation["run"]>[0]; readonly call: Call },
): readonly Asked[] =>
  (operation.permissions?.(input, call) ?? [{ resource: "*" }]).map((question) =>
    complete(question, call, `${service?.iamPrefix ?? serviceName}:${operation.name}`),
  );

/** Throws where IAM refuses; what is asked first is answered first. */
export const assertAllowed = (asked: readonly Asked[], authorize: Authorize): void => {
  const refused = asked.find(({ principal, permission }) => !authorize(principal.accessKeyId, permission));
  if (refused) throw refused.refusal();
};

const complete = (question: Question, call: Call, operationAction: string): Asked => {
  const { action = operationAction, resource, region = call.region, principal = call } = question;
  const context = { ...globalContext(resource, region, principal), ...question.context };
  const permission = { action, resource, context };
  return {
    ...{ permission, principal },
    refusal: () => question.refusal ?? accessDenied(permission, principal, region),
  };
};

// Global condition keys: what is the same whatever the service.
const globalContext = (resource: string, region: string, { account }: Principal): Context => ({
  "aws:RequestedRegion": region,
  "aws:PrincipalAccount": account,
  "aws:ResourceAccount": parseArn(resource)?.account || account,
  "aws:SecureTransport": "true",
});

// As RDS was seen to word it on the wire. JSON services name the code differently, which their protocol knows.
const accessDenied = ({ action, resource }: Permission, principal: Principal, region: string): AwsError =>
  commonError(
    "AccessDenied",
    `User: ${userArn(principal, region)} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
