import { describe, expect, it } from "vitest";
import { functionNames } from "../../deploy/stack.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import type { Permission } from "../../simulator/iam.ts";
import { isAllowed } from "../deploy/iam.ts";
import { allows, packagedPolicies } from "./authority.ts";
import { diceOf } from "./dice.ts";
import { firstPlans, home, service, writePlans } from "./estate.ts";

const config = parseConfig(writePlans(firstPlans(diceOf(1), "UTC")), { path: "holdfast.yml", home });
const policies = packagedPolicies(config, service);

const tags = { "holdfast:service": service, "holdfast:plan": "daily" };
const withTags = (prefix: string, given: Record<string, string>) =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [`${prefix}/${key}`, value]));
const ours =
  "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:holdfast-daily-c1-aaaaaaaa-20260601t023000z";
const theirs = "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:by-hand";

/** Deletions, creations and listings, each both as it should be and as it must not be. */
const questions: readonly Permission[] = [ours, theirs].flatMap((resource) =>
  ["us-east-1", "ap-south-1"].flatMap((region) => {
    const global = { "aws:RequestedRegion": region };
    const held = { ...tags, "holdfast:hold": "audit" };
    const foreign = { "holdfast:service": "holdfast/other" };
    return [
      ...[tags, held, foreign, {}].map((given) => ({
        action: "rds:DeleteDBClusterSnapshot",
        resource,
        context: { ...global, ...withTags("rds:cluster-snapshot-tag", given) },
      })),
      ...[tags, foreign].map((given) => ({
        action: "rds:AddTagsToResource",
        resource,
        context: { ...global, ...withTags("aws:RequestTag", given), "aws:TagKeys": Object.keys(given) },
      })),
      { action: "rds:DescribeDBClusterSnapshots", resource, context: global },
    ];
  }),
);

/** Redshift clusters that a plan may mean, or not. */
const copySettings: readonly Permission[] = [
  {},
  { backup: "daily" },
  { backup: "never" },
  { "holdfast:plan": "archive daily" },
  { "holdfast:plan": "archive" },
].map((given) => ({
  action: "redshift:EnableSnapshotCopy",
  resource: "arn:aws:redshift:us-east-1:123456789012:cluster:c1",
  context: withTags("aws:ResourceTag", given),
}));

it("is asked of a plan that manages copies", () => {
  expect(JSON.stringify(policies.get("snapshot"))).toContain("redshift:EnableSnapshotCopy");
});

describe.each(functionNames)("IAM as the simulation answers it for %s", (name) => {
  it("answers as an evaluator does that is not ours", async () => {
    const policy = policies.get(name) ?? { Version: "", Statement: [] };
    for (const question of [...questions, ...copySettings])
      expect([question, allows(policy, question)]).toEqual([question, await isAllowed(policy, question)]);
  });
});
