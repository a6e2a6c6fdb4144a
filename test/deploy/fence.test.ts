import { expect, it } from "vitest";
import { documentedPolicy, isAllowed, type Policy } from "./iam.ts";

/** The service control policy of docs/deploy.md, section 9, over somebody who may do everything. */
const fenced = (): Policy => {
  const { Version, Statement } = documentedPolicy("OnlyPruneAndSweepDelete");
  const all = { Sid: "All", Effect: "Allow", Action: ["*"], Resource: "*" };
  return { Version, Statement: [all, ...Statement] };
};

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const roles = {
  administrator: role("administrator"),
  deployer: role("deployer"),
  prune: role("holdfast-prod-PruneRole-AbC"),
  sweep: role("holdfast-prod-SweepRole-AbC"),
};
const everyone = Object.keys(roles);
const snapshot = "holdfast-daily-orders-abcdefgh-20261120t030000z";
const rds = (id: string) => `arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:${id}`;
const redshift = (id: string) => `arn:aws:redshift:eu-west-1:123456789012:snapshot:dwh/${id}`;
const changed = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:holdfast-prod-${name}`;

it.each([
  ["rds:DeleteDBClusterSnapshot", rds(snapshot), ["prune", "sweep"]],
  ["rds:DeleteDBClusterSnapshot", rds("of-others"), everyone],
  ["redshift:BatchDeleteClusterSnapshots", redshift(`copy:${snapshot}`), ["prune", "sweep"]],
  ["redshift:DeleteClusterSnapshot", redshift(snapshot), ["prune", "sweep"]],
  ["rds:ModifyDBClusterSnapshotAttribute", rds(snapshot), ["deployer"]],
  ["redshift:AuthorizeSnapshotAccess", redshift(`copy:${snapshot}`), ["deployer"]],
  ["iam:PutRolePolicy", roles.prune, ["deployer"]],
  // Who hands the role to a function of their own deletes as Prune does.
  ["iam:PassRole", roles.prune, ["deployer"]],
  ["iam:PassRole", role("of-others"), everyone],
  ["lambda:UpdateFunctionCode", changed("prune"), ["deployer"]],
  ["lambda:InvokeFunction", changed("prune"), everyone],
  ["kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:123456789012:key/COPY-KEY-ID", []],
  ["kms:DeleteImportedKeyMaterial", "arn:aws:kms:eu-west-1:123456789012:key/COPY-KEY-ID", []],
] as const)("the fence of docs/deploy.md leaves %s on %s to %j", async (action, resource, allowed) => {
  const policy = fenced();
  const may: string[] = [];
  for (const [name, principal] of Object.entries(roles)) {
    const context = { "aws:PrincipalArn": principal };
    if (await isAllowed(policy, { action, resource, context })) may.push(name);
  }
  expect(may).toEqual([...allowed]);
});
