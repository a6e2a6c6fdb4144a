import { expect, it } from "vitest";
import { functionRoles } from "../../deploy/roles.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { isAllowed, policyOf } from "./iam.ts";
import type { CloudFormation } from "./packaged.ts";

/** By what name a service asks KMS outside the partition `aws` is not documented: it may end as its endpoint does. */
const names = [
  ["us-east-1", "eu-west-1", "amazonaws.com"],
  ["us-gov-east-1", "us-gov-west-1", "amazonaws.com"],
  ["cn-north-1", "cn-northwest-1", "amazonaws.com"],
  ["cn-north-1", "cn-northwest-1", "amazonaws.com.cn"],
  ["us-iso-east-1", "us-iso-west-1", "c2s.ic.gov"],
] as const;

const plansOf = (source: string, copy: string): string => `
regions: [${source}, ${copy}]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [${source}] }
    retention: { keep-last: 2 }
    copies: [{ region: ${copy}, kms-key: alias/backup }]
`;

it.each(names)(
  "copies from %s to %s with keys of both, through rds.REGION.%s and no other",
  async (...place) => {
    const [source, copy, suffix] = place;
    const config = parseConfig(plansOf(source, copy), { path: "holdfast.yml", home: copy });
    const stack = { config, stage: "test", service: "holdfast/test", settings: { logRetentionDays: 30 } };
    const template = { Resources: functionRoles(stack), Outputs: {} } as unknown as CloudFormation;
    const policy = policyOf("CopyRole", template);
    const grant = (region: string, through: string) =>
      isAllowed(policy, {
        action: "kms:CreateGrant",
        resource: `arn:aws:kms:${region}:123456789012:key/0123abcd-12ab-34cd-56ef-1234567890ab`,
        context: {
          ...{ "kms:ViaService": through, "kms:GrantIsForAWSResource": "true" },
          "kms:ResourceAliases": ["alias/backup"],
        },
      });
    for (const region of [source, copy]) {
      expect(await grant(region, `rds.${region}.${suffix}`)).toBe(true);
      expect(await grant(region, `ec2.${region}.${suffix}`)).toBe(false);
      expect(await grant(region, `rds.elsewhere-1.${suffix}`)).toBe(false);
    }
  },
);
