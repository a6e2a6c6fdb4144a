import { describe, expect, it } from "vitest";
import { lookAtKeys, useKeys } from "../../deploy/key-statements.ts";
import type { Stack } from "../../deploy/stack.ts";
import type { Statement } from "../../deploy/statements.ts";
import { kmsKeys } from "../../lib/engines/keys.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import type { Permission } from "../../simulator/iam.ts";
import { away, openLab } from "../engines/lab.ts";
import { isAllowed, type Policy } from "./iam.ts";
import { resolved } from "./resolved.ts";

/** One plan that copies from one region to another under a key. */
const stackOf = (from: string, to: string, key: string): Stack => {
  const text = `
regions: [${from}, ${to}]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [${from}] }
    retention: { keep-last: 2 }
    copies: [{ region: ${to}, kms-key: "${key}" }]
`;
  const config = parseConfig(text, { path: "holdfast.yml", home: from });
  return { config, stage: "test", service: "holdfast/test", settings: { logRetentionDays: 30 } };
};

const policyFor = (key: string, statements: (stack: Stack) => readonly Statement[] = useKeys): Policy => {
  const Statement = statements(stackOf("us-east-1", "eu-west-1", key));
  // They name no resource of the template.
  return { Version: "2012-10-17", Statement: resolved(Statement, { Resources: {}, Outputs: {} }) } as Policy;
};

const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const arnOf = (name: string, account = "123456789012") => `arn:aws:kms:eu-west-1:${account}:${name}`;

describe("the key that a plan copies under", () => {
  it.each([id, arnOf(`key/${id}`), "alias/backup", arnOf("alias/backup")])(
    "may be used, and no other of its region: %s",
    async (named) => {
      const may = (key: string, alias: string) =>
        isAllowed(policyFor(named), {
          ...{ action: "kms:CreateGrant", resource: arnOf(`key/${key}`) },
          context: {
            ...{ "kms:ViaService": "rds.eu-west-1.amazonaws.com", "kms:GrantIsForAWSResource": "true" },
            "kms:ResourceAliases": [alias],
          },
        });
      expect(await may(id, "alias/backup")).toBe(true);
      expect(await may("f00dabcd-12ab-34cd-56ef-1234567890ab", "alias/other")).toBe(false);
    },
  );
});

/** Every question that looking at a key raises for IAM. */
const questionsOf = async (
  named: string,
  keys: NonNullable<Fleet["keys"]>,
): Promise<readonly Permission[]> => {
  const { simulator, clients } = await openLab({ keys });
  expect(await kmsKeys(clients).examine({ region: away, id: named })).toEqual({ usable: true });
  return simulator.calls.entries.flatMap(({ permissions }) => permissions);
};

describe("what copies may look at the plan's key before the first copy", () => {
  const keys = [{ region: away, id, alias: "alias/backup" }];

  it.each([
    ...[id, arnOf(`key/${id}`), "alias/backup", arnOf("alias/backup")],
    // AWS makes its own key when it is first asked for: until then no key of the region goes by the name.
    "alias/aws/rds",
  ])("however it is named: %s", async (named) => {
    const questions = await questionsOf(named, keys);
    expect(questions.map(({ action }) => action)).toEqual(["kms:DescribeKey"]);
    for (const question of questions) expect(await isAllowed(policyFor(named), question)).toBe(true);
  });

  it("and at none that goes by another name", async () => {
    for (const question of await questionsOf("alias/backup", keys))
      expect(await isAllowed(policyFor("alias/other"), question)).toBe(false);
  });
});

describe("what looks at the keys that recovery points need", () => {
  const stranger = "999988887777";
  const keys = [
    { region: away, id: "own" },
    { region: away, account: stranger, id, alias: "alias/backup" },
    { region: away, account: stranger, id: "other", alias: "alias/other" },
  ];

  /** A copy tells its key by the key's ARN, whatever the plan calls it. */
  const mayLookAt = async (key: string, plans: string): Promise<boolean> => {
    const [question, ...others] = await questionsOf(key, keys);
    expect(others).toEqual([]);
    return question !== undefined && (await isAllowed(policyFor(plans, lookAtKeys), question));
  };

  it.each([arnOf(`key/${id}`, stranger), arnOf("alias/backup", stranger)])(
    "sees that of another account which a plan copies under, and no other there: %s",
    async (named) => {
      expect(await mayLookAt(arnOf(`key/${id}`, stranger), named)).toBe(true);
      expect(await mayLookAt(arnOf("key/other", stranger), named)).toBe(false);
    },
  );

  it("sees any of its own account", async () => {
    expect(await mayLookAt(arnOf("key/own"), "alias/backup")).toBe(true);
    expect(await mayLookAt(arnOf(`key/${id}`, stranger), "alias/backup")).toBe(false);
  });
});
