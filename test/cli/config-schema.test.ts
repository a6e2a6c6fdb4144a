import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configSchema, type JsonSchema } from "../../cli/config-schema.ts";
import { examineConfig } from "../../lib/runtime/config-file.ts";
import { conforms } from "./documents.ts";

const file = "holdfast.schema.json";

const least = {
  schedule: "cron(0 3 * * ? *)",
  select: { tags: { backup: ["daily"] } },
  retention: { "keep-daily": 7 },
};
const plan = (changes: object) => ({ plans: { daily: { ...least, ...changes } } });
const copy = (words: object) => plan({ copies: [{ region: "eu-west-1", ...words }] });

const accepted = (document: unknown): boolean =>
  "config" in examineConfig(JSON.stringify(document), { path: "holdfast.yml", home: "us-east-1" });

/** Documents on which the editor's schema and `holdfast validate` are of one mind, and of which. */
const agreed: readonly (readonly [string, unknown, boolean])[] = [
  ["the least", plan({}), true],
  ["no plans at all", { plans: {} }, true],
  ["a rate", plan({ schedule: "rate(12 hours)" }), true],
  ["every kind of key", copy({ "kms-key": "mrk-0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d" }), true],
  ["an alias' ARN", copy({ "kms-key": "arn:aws:kms:eu-west-1:123456789012:alias/a" }), true],
  ["unencrypted copies", copy({ "kms-key": "none", retention: { "keep-within": "1y6m" } }), true],
  ["all tags", plan({ "carry-tags": ["*"] }), true],
  ["tags of many letters", plan({ "carry-tags": ["Größe", "a_b.c:d/e=f+g-h@i", "awsome"] }), true],
  ["an objective", plan({ objective: { source: "26h", copy: "1d12h" }, deadline: "10h" }), true],
  ["nothing", null, false],
  ["no plans' word", { regions: ["us-east-1"] }, false],
  ["a plan's bad name", { plans: { Daily: least } }, false],
  ["a word that there is not", plan({ flor: 2 }), false],
  ["a schedule of Unix", plan({ schedule: "0 3 * * *" }), false],
  ["a count in words", plan({ retention: { "keep-daily": "seven" } }), false],
  ["a count too large", plan({ retention: { "keep-daily": 3651 } }), false],
  ["weeks in a duration", plan({ retention: { "keep-within": "2w" } }), false],
  ["a duration of nothing", plan({ retention: { "keep-within": "0d" } }), false],
  ["months in an objective", plan({ objective: { source: "1m" } }), false],
  ["no such region", { ...plan({}), regions: ["eu-west-9"] }, false],
  ["no such engine", plan({ select: { tags: {}, engines: ["oracle"] } }), false],
  ["a tag without values", plan({ select: { tags: { backup: [] } } }), false],
  ["a key without its form", copy({ "kms-key": "backup" }), false],
  ["AWS's key for another service", copy({ "kms-key": "alias/aws/ebs" }), false],
  ["its ARN", copy({ "kms-key": "arn:aws:kms:eu-west-1:123456789012:alias/aws/ebs" }), false],
  ["AWS's key for databases", copy({ "kms-key": "alias/aws/rds" }), true],
  ["tags of AWS", plan({ "carry-tags": ["AWS:x"] }), false],
  ["no floor", plan({ floor: 0 }), false],
  ["stopped, but how", plan({ stopped: "ignore" }), false],
];

/** What no schema of this form can tell: a calendar, arithmetic, and what depends on another place. */
const beyond: readonly (readonly [string, unknown])[] = [
  ["a field of the schedule", plan({ schedule: "cron(0 24 * * ? *)" })],
  ["a time zone", plan({ timezone: "Mars/Olympus" })],
  ["a deadline over 23h", plan({ deadline: "24h" })],
  ["a region that `regions` lacks", { ...copy({ "kms-key": "none" }), regions: ["us-east-1"] }],
  ["another region's key", copy({ "kms-key": "arn:aws:kms:eu-west-2:123456789012:alias/a" })],
  ["another partition", plan({ copies: [{ region: "cn-north-1" }] })],
  ["a window as long as the gap", plan({ schedule: "rate(1 hour)", "flexible-window-minutes": 60 })],
];

describe(file, () => {
  it("is what `npm run schema` writes", () => {
    expect(readFileSync(file, "utf8")).toBe(`${JSON.stringify(configSchema(), null, 2)}\n`);
  });

  it("takes the sample, which names it in its first line", () => {
    const sample = readFileSync("holdfast.yml", "utf8");
    expect(sample.split("\n")[0]).toBe(`# yaml-language-server: $schema=./${file}`);
    expect(conforms(file, parse(sample))).toBe(true);
  });

  it.each(agreed)("of %s thinks as validate does", (_, document, right) => {
    expect([conforms(file, document), accepted(document)]).toEqual([right, right]);
  });

  it.each(beyond)("leaves %s to validate", (_, document) => {
    expect([conforms(file, document), accepted(document)]).toEqual([true, false]);
  });

  it("offers nothing that the reader refuses", () => {
    const words = configSchema().properties?.plans?.additionalProperties as JsonSchema;
    const offered = Object.entries(words.properties ?? {}).flatMap(([word, { examples = [] }]) =>
      (examples as readonly unknown[]).map((example) => [word, example] as const),
    );
    expect(offered.map(([word]) => word)).toContain("deadline");
    expect(offered.filter(([word, example]) => !accepted(plan({ [word]: example })))).toEqual([]);
  });

  it("describes every word", () => {
    const silent = (schema: JsonSchema, path: string): readonly string[] => {
      const { properties = {}, additionalProperties, items } = schema;
      const inner = [additionalProperties, items].filter((one) => typeof one === "object");
      return [
        ...Object.entries(properties).flatMap(([word, one]) => [
          ...(one.description ? [] : [`${path}${word}`]),
          ...silent(one, `${path}${word}.`),
        ]),
        ...inner.flatMap((one) => silent(one as JsonSchema, `${path}*.`)),
      ];
    };
    expect(silent(configSchema(), "")).toEqual([]);
  });
});
