import { parseArn } from "../arn.ts";
import { commonError } from "../protocol/errors.ts";

/** Checks the id a cluster or cluster snapshot is to get, and gives it the lower case RDS stores. */
export const newIdentifier = (parameter: string, given: string, lengthMax = 63): string => {
  if (given.length <= lengthMax && /^[a-z](-?[a-z0-9])*$/i.test(given)) return given.toLowerCase();
  throw commonError(
    "InvalidParameterValue",
    `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
  );
};

/** Where something of the RDS family is looked for; region and account only if an ARN named them. */
export interface Reference {
  readonly id: string;
  readonly region?: string;
  readonly account?: string;
}

/** Reads an id or an ARN. Ids are compared without regard to case. */
export const readReference = (given: string): Reference => {
  const arn = parseArn(given);
  return arn
    ? { id: arn.id.toLowerCase(), region: arn.region, account: arn.account }
    : { id: given.toLowerCase() };
};
