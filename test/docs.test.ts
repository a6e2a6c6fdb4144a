import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exitStatus } from "../cli/exit.ts";
import { alarms } from "../deploy/alarms.ts";
import { defaults } from "../deploy/settings.ts";
import { readStack } from "../deploy/variables.ts";
import { metricNames } from "../lib/core/measure.ts";
import { overrideKeys } from "../lib/core/override.ts";
import { tagKeys } from "../lib/core/ownership.ts";
import { readConfig } from "../lib/core/plan-schema.ts";
import { problemSentences } from "../lib/core/problem.ts";
import { checkers } from "./simulation/checkers/all.ts";
import { faultNames } from "./simulation/faults/all.ts";

/** What the documents list is what there is, and what they point to is there. */

const root = resolve(import.meta.dirname, "..");
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** What stands between a heading and the next one of its rank. */
const sectionOf = (path: string, heading: string): string => {
  const [, section] = textOf(path).split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`${path} has no section "${heading}"`);
  return section.split("\n## ")[0] ?? "";
};

/** The rows of its tables, without the headings, each as its cells. */
const rowsOf = (section: string): string[][] =>
  section
    .split("\n")
    .filter((line, at, lines) => /^\| (?!---)/.test(line) && !/^\|-/.test(lines[at + 1] ?? ""))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const wordsIn = (cell: string | undefined): string[] =>
  [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
const firstWords = (path: string, heading: string): string[] =>
  rowsOf(sectionOf(path, heading))
    .flatMap(([first]) => wordsIn(first))
    .toSorted();

const reference = "docs/reference.md";

describe("the reference", () => {
  interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: Schema | false;
    readonly items?: Schema;
    readonly default?: unknown;
  }

  /** Every word of a schema by its path, without the names of plans and the places in lists. */
  const keysOf = (schema: Schema, path: readonly string[] = []): [string, Schema][] => [
    ...(path.length > 0 ? [[path.join("."), schema] as [string, Schema]] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([word, one]) => keysOf(one, [...path, word])),
    ...[schema.additionalProperties, schema.items].flatMap((one) => (one ? keysOf(one, path) : [])),
  ];
  const schema = JSON.parse(textOf("holdfast.schema.json")) as Schema;
  const keys = new Map(
    keysOf(schema).map(([key, one]) => [
      key.replace(/^plans\./, "").replace(/^(copies\.)?retention\./, ""),
      one,
    ]),
  );

  it("has every key of holdfast.yml, with its default", () => {
    expect(firstWords(reference, "holdfast.yml")).toEqual([...keys.keys()].toSorted());
    const told = Object.fromEntries(
      rowsOf(sectionOf(reference, "holdfast.yml")).map(([key, value]) => [wordsIn(key)[0], value]),
    );
    for (const [key, one] of keys)
      if (one.default !== undefined) expect([key, told[key]]).toEqual([key, `${one.default}`]);
  });

  it.each([
    ["Tags on a cluster", Object.values(overrideKeys)],
    ["Tags on a recovery point", Object.values(tagKeys)],
    ["Metrics", Object.values(metricNames)],
    [
      "The log",
      [...textOf("lib/core/journal.ts").matchAll(/readonly kind: "([^"]+)"/g)].map(([, kind = ""]) => kind),
    ],
  ])("lists what there is: %s", (heading, words) => {
    expect(firstWords(reference, heading)).toEqual(words.toSorted());
  });

  it("has every problem of a report, and every risk of status", () => {
    expect(firstWords(reference, "Problems")).toEqual(Object.keys(problemSentences).toSorted());
    const status = JSON.parse(textOf("docs/cli/status.schema.json"));
    const risks: string[] = status.properties.clusters.items.properties.risks.items.properties.code.enum;
    expect(firstWords(reference, "At risk")).toEqual([...risks, "run"].toSorted());
  });

  it("has every variable that is read, and every exit status", () => {
    const read = [
      "lib/runtime/environment.ts",
      "cli/account.ts",
      "cli/init.ts",
      "cli/validate.ts",
      "deploy/options.ts",
    ].flatMap((path) => [...textOf(path).matchAll(/\b(?:AWS|HOLDFAST)_[A-Z_]+\b/g)].map(([name]) => name));
    expect(firstWords(reference, "Environment variables")).toEqual(
      expect.arrayContaining([...new Set(read)]),
    );
    const told = rowsOf(sectionOf(reference, "Exit status")).map(([status]) => Number(status));
    expect(told).toEqual(Object.values(exitStatus));
  });
});

describe("README.md", () => {
  it("shows a holdfast.yml that is one", () => {
    const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(textOf("README.md")) ?? [];
    expect(readConfig(parse(example), "eu-west-1")).toHaveProperty(
      "config.plans.daily.copies.0.manage",
      true,
    );
  });
});

describe("docs/deploy.md", () => {
  it("says of every alarm what to do, and of none that there is not", () => {
    const stack = readStack({ home: "eu-west-1", stage: "prod", parameters: defaults });
    const names = Object.values(alarms(stack)).map(({ Properties }) =>
      String((Properties as { AlarmName?: unknown }).AlarmName)
        .replace("holdfast-prod-", "")
        .replace(/^daily-(source|copy)-[a-z0-9-]+-recovery/, "PLAN-$1-REGION-recovery")
        .replace(/^daily-(source|copy)-[a-z0-9-]+-run/, "PLAN-…-REGION-run")
        .replace(/^[a-z]+-[a-z]+-\d-keys$/, "REGION-keys"),
    );
    expect(firstWords("docs/deploy.md", "6. Alarms")).toEqual([...new Set(names)].toSorted());
  });

  it("has every parameter of packaging, with its default", () => {
    const rows = rowsOf(sectionOf("docs/deploy.md", "4. Packaging and deploying"));
    expect(Object.fromEntries(rows.map(([name, value]) => [wordsIn(name)[0], value]))).toEqual(
      Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, String(value)])),
    );
  });
});

describe("docs/simulation.md", () => {
  const path = "docs/simulation.md";

  it("has every fault and every invariant, and no other", () => {
    // `cluster-stopped`, `-busy`: the second has the first one's beginning.
    const told = rowsOf(sectionOf(path, "Faults")).flatMap((cells) => {
      const [first = "", ...others] = cells.flatMap(wordsIn).filter((word) => word !== "holdfast.yml");
      const stem = first.split("-")[0];
      return [first, ...others.map((word) => (word.startsWith("-") ? `${stem}${word}` : word))];
    });
    expect(told.toSorted()).toEqual([...faultNames].toSorted());
    expect(firstWords(path, "Invariants")).toEqual(Object.keys(checkers).toSorted());
  });
});

describe("ARCHITECTURE.md", () => {
  it("says of every dependency why it is there", () => {
    const told = rowsOf(sectionOf("ARCHITECTURE.md", "Dependencies")).flatMap(([names = ""]) =>
      names.split(/,? /),
    );
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(textOf("package.json"));
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    // A second one of a kind is told by its end: `-redshift`, `/metrics`.
    const isTold = (name: string): boolean =>
      told.some((word) => word === name || (/^[-/]/.test(word) && name.endsWith(word)));
    // Types of what is told, and Node for other machines.
    expect(names.filter((name) => !isTold(name) && !/^@types\/|^node-/.test(name))).toEqual([]);
  });

  it("is less than 300 lines", () => {
    expect(textOf("ARCHITECTURE.md").split("\n").length).toBeLessThanOrEqual(300);
  });
});

describe("a document's links", () => {
  const documents = globSync(["*.md", "docs/**/*.md"], { cwd: root });

  /** As GitHub makes them of headings. */
  const anchorsIn = (path: string): string[] =>
    [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );

  it.each(documents)("of %s lead somewhere", (path) => {
    const links = [...textOf(path).matchAll(/\]\((?!https?:)([^)]*)\)/g)].map(([, to = ""]) => to);
    const broken = links.filter((to) => {
      const [file = "", anchor] = to.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      const isThere = globSync(target, { cwd: root }).length > 0;
      return !isThere || (anchor !== undefined && !anchorsIn(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });
});
