import { commonError } from "../protocol/errors.ts";

interface IdentifierRule {
  readonly pattern: RegExp;
  readonly lengthMax: number;
}

const rules = {
  SnapshotIdentifier: { pattern: /^[a-z](-?[a-z0-9])*$/i, lengthMax: 255 },
  ClusterIdentifier: { pattern: /^[a-z](-?[a-z0-9])*$/, lengthMax: 63 },
  SnapshotCopyGrantName: { pattern: /^[a-z](-?[a-z0-9])*$/, lengthMax: 63 },
} as const satisfies Record<string, IdentifierRule>;

/**
 * Checks the id that something new is to get. AWS's own ids (`rs:…`, `copy:…`) hold a colon, which callers
 * may not use.
 */
export const assertIdentifier = (kind: keyof typeof rules, given: string): void => {
  const { pattern, lengthMax } = rules[kind];
  if (given.length <= lengthMax && pattern.test(given)) return;
  throw commonError(
    "InvalidParameterValue",
    `The parameter ${kind} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
  );
};
