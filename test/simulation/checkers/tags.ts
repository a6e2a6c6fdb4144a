import type { PlanFacts } from "./records.ts";

type Tags = ReadonlyMap<string, string>;

/** As the query protocol numbers them: a key, and under the same number its value. */
export const tagsIn = (parameters: ReadonlyMap<string, string>): Tags =>
  new Map(
    [...parameters].flatMap(([name, key]) =>
      /^Tags\..*\.Key$/.test(name) ? [[key, parameters.get(name.replace(/Key$/, "Value")) ?? ""]] : [],
    ),
  );

/** Keys of others' tags that a plan carries. */
export const carriedKeys = (tags: Tags, { carryTags }: PlanFacts): readonly string[] =>
  [...tags.keys()].filter(
    (key) => !/^(aws|rds|holdfast):/.test(key) && (carryTags.includes(key) || carryTags.includes("*")),
  );
