import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { type EventType, eventTypes } from "../../lib/core/event.ts";
import { problemSentences } from "../../lib/core/problem.ts";
import { recognise } from "../../lib/steps/recognise.ts";
import { sweepThrough } from "../../lib/steps/sweep.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { at, cluster, type Night, nightAfter, plainPlan, withNight } from "../night.ts";
import { points, warehouseOf } from "../steps/points.ts";

/** What docs/events promises, held to what whole nights publish. */

interface Schema {
  readonly title: EventType;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly description?: string }>>;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

const folder = new URL("../../docs/events/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".schema.json"));
const schemas = files.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Schema);
const readme = readFileSync(new URL("README.md", folder), "utf8");
const ajv = new Ajv2020({ strict: true, allErrors: true });
const validators: ReadonlyMap<string, ValidateFunction> = new Map(
  schemas.map((schema) => [schema.title, ajv.compile(schema)]),
);
const mistakesIn = (type: string, detail: unknown): readonly string[] => {
  const validate = validators.get(type);
  if (validate === undefined) return [`${type} has no schema`];
  validate(detail);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${type}${instancePath} ${message}`);
};

describe("the schemas of docs/events", () => {
  it("are one for each type, under its name, and the README has a row for each", () => {
    const nameOf = (type: string) => type.replace("Holdfast ", "").toLowerCase().replaceAll(" ", "-");
    expect(files.toSorted()).toEqual(eventTypes.map((type) => `${nameOf(type)}.schema.json`).toSorted());
    expect(schemas.map(({ title }) => title).toSorted()).toEqual(eventTypes.toSorted());
    for (const type of eventTypes)
      expect(readme).toMatch(
        new RegExp(`^\\| \`${type}\` \\|.*\\(${nameOf(type)}\\.schema\\.json\\) \\|$`, "m"),
      );
  });

  it.each(schemas.map((schema) => [schema.title, schema] as const))(
    "describe every field of %s, require them all, and fit their example and nothing else",
    (type, { properties, required, examples }) => {
      expect(required.toSorted()).toEqual(Object.keys(properties).toSorted());
      expect(Object.entries(properties).filter(([, { description }]) => !description)).toEqual([]);
      expect(examples).toHaveLength(1);
      for (const example of examples) {
        expect(mistakesIn(type, example)).toEqual([]);
        expect(mistakesIn(type, { ...example, surprise: 1 })).toHaveLength(1);
        expect(mistakesIn(type, { ...example, version: 2 })).toHaveLength(1);
        for (const field of required) {
          const { [field]: _, ...rest } = example;
          expect(mistakesIn(type, rest)).toEqual([`${type} must have required property '${field}'`]);
        }
      }
    },
  );

  it("know every code of a problem", () => {
    const text = readFileSync(new URL("backup-incomplete.schema.json", folder), "utf8");
    const { properties } = JSON.parse(text) as {
      properties: { problems: { items: { properties: { code: { enum: readonly string[] } } } } };
    };
    expect(properties.problems.items.properties.code.enum).toEqual(Object.keys(problemSentences));
  });
});

describe("the README's rules", () => {
  const rules = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, text = ""]) =>
      JSON.parse(text) as { "detail-type": readonly string[]; detail: Record<string, unknown> },
  );

  it("name types and fields that there are", () => {
    expect(rules.length).toBeGreaterThan(1);
    for (const rule of rules)
      for (const type of rule["detail-type"]) {
        const schema = schemas.find(({ title }) => title === type);
        expect(Object.keys(schema?.properties ?? {})).toEqual(
          expect.arrayContaining(Object.keys(rule.detail)),
        );
      }
  });
});

interface Published {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
  readonly resources: readonly string[];
}
const publishedIn = ({ world }: Simulator): readonly Published[] => world.store("us-east-1").events;

/** Each distinct way in which what was published does not fit; and that there was something of each type. */
const expectToFit = (simulator: Simulator, types: readonly EventType[]): void => {
  const published = publishedIn(simulator);
  expect(new Set(published.map(({ detailType }) => detailType))).toEqual(new Set(types));
  expect(new Set(published.map(({ source }) => source))).toEqual(new Set(["holdfast"]));
  const mistakes = published.flatMap(({ detailType, detail }) => mistakesIn(detailType, detail));
  expect([...new Set(mistakes)]).toEqual([]);
  for (const { detailType, detail, resources } of published) {
    const { arn } = detail as { arn?: string };
    expect([detailType, resources]).toEqual([detailType, arn === undefined ? [] : [arn]]);
  }
};

const someNights = async (night: Night, count: number): Promise<void> => {
  for (let nth = 0; nth < count; nth += 1) {
    const behind = Date.parse(nightAfter(nth)) - night.simulator.clock.now().getTime();
    night.simulator.clock.advance(Math.max(0, behind) / 1000);
    await night.run({ plan: "daily", at: nightAfter(nth) });
  }
};

const created = "Holdfast Recovery Point Created";
const copied = "Holdfast Recovery Point Copied";
const pruned = "Holdfast Recovery Point Pruned";
const copying = { snapshotCopy: { destination: "eu-west-1" } };
const warehouse = cluster("warehouse", { engine: "redshift", ...copying });

describe("what whole nights publish", () => {
  it("fits its schemas on complete nights with copies and prunes, of both families", async () => {
    const clusters = [
      ...[cluster("orders"), cluster("docs", { engine: "docdb" }), cluster("graph", { engine: "neptune" })],
      warehouse,
    ];
    const config = plainPlan.replace("keep-daily: 3", "keep-last: 1");
    await withNight({ fleet: { clusters }, config }, async (night) => {
      await someNights(night, 4);
      expectToFit(night.simulator, ["Holdfast Backup Completed", created, copied, pruned]);
    });
  });

  it("fits its schemas on incomplete nights, of people's requests too", async () => {
    const clusters = [
      cluster("orders"),
      cluster("ledger", { status: "stopped" }),
      cluster("secret", { encrypted: true }),
    ];
    const keys = [{ region: "eu-west-1", alias: "alias/backup", state: "Disabled" as const }];
    await withNight({ fleet: { clusters, keys } }, async (night) => {
      await someNights(night, 1);
      await night.run({ plan: "daily", reason: "before the migration", hold: "audit" });
      night.simulator.faults.add({ operation: "DescribeDBClusters", times: 40, kind: "internal" });
      await night.run({ plan: "daily", at: nightAfter(1) });
      expectToFit(night.simulator, ["Holdfast Backup Incomplete", created, copied]);
    });
  });

  it("fits its schema where Sweep deletes", async () => {
    const snapshots = [...points(4), ...points(4, { of: "stores", engine: "redshift" })];
    await withNight({ fleet: { snapshots } }, async (night) => {
      expect((await sweepThrough({ at }, night.context())).pruned).toBe(4);
      expectToFit(night.simulator, [pruned]);
    });
  });

  it("fits its schema where Recognise tags", async () => {
    const [source] = points(1, { of: "warehouse", engine: "redshift" });
    if (source === undefined) throw new Error("there is no point");
    const copy = {
      ...source,
      region: "eu-west-1",
      sourceRegion: "us-east-1",
      id: `copy:${source.id}`,
      tags: {},
    };
    const fleet = { clusters: [warehouseOf("warehouse", copying)], snapshots: [source, copy] };
    await withNight({ fleet }, async (night) => {
      expect((await recognise({ at }, night.context())).recognised).toBe(1);
      expectToFit(night.simulator, [copied]);
    });
  });
});
