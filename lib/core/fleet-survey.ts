import { type Cluster, traitsOf } from "./cluster.ts";
import { isEncrypted } from "./snapshot.ts";

/** What an account's clusters are, and by which tags they could be told apart: most frequent first. */
export interface FleetSurvey {
  readonly clusters: number;
  readonly encrypted: number;
  readonly engines: readonly { readonly engine: string; readonly clusters: number }[];
  readonly tags: readonly TagUse[];
}

interface TagUse {
  readonly key: string;
  readonly clusters: number;
  readonly values: readonly { readonly value: string; readonly clusters: number }[];
}

/** AWS's own tags are not counted: nobody sets them, so that nobody can choose by them what is backed up. */
export const surveyFleet = (clusters: readonly Cluster[]): FleetSurvey => {
  const pairs = clusters.flatMap(({ tags }) => Object.entries(tags ?? {})).filter(([key]) => !isOfAws(key));
  const byKey = Map.groupBy(pairs, ([key]) => key);
  return {
    clusters: clusters.length,
    encrypted: clusters.filter(isEncrypted).length,
    engines: counted(clusters.map(({ engine }) => traitsOf(engine).label)).map(([engine, count]) => ({
      engine,
      clusters: count,
    })),
    tags: counted(pairs.map(([key]) => key)).map(([key, count]) => ({
      ...{ key, clusters: count },
      values: counted((byKey.get(key) ?? []).map(([, value]) => value)).map(([value, uses]) => ({
        value,
        clusters: uses,
      })),
    })),
  };
};

const isOfAws = (key: string): boolean => /^(aws|rds):/i.test(key);

const counted = (words: readonly string[]): readonly (readonly [string, number])[] =>
  [...Map.groupBy(words, (word) => word)]
    .map(([word, all]) => [word, all.length] as const)
    .toSorted(([a, many], [b, others]) => others - many || (a < b ? -1 : 1));

/** The clusters that a starting plan means, and how many they are; null where nobody looked. */
export interface StarterSelection {
  readonly key: string;
  readonly value: string;
  readonly clusters: number | null;
}

/** A tag that speaks of backups and does not deny them, with its most frequent value; else the usual one. */
export const chooseTag = (survey: FleetSurvey | undefined): StarterSelection => {
  const usual = { key: "backup", value: "daily" };
  if (survey === undefined) return { ...usual, clusters: null };
  for (const { key, values } of survey.tags) {
    if (!/backup/i.test(key) || /skip|exclude|opt-?out|disable|^no/i.test(key)) continue;
    const meant = values.find(({ value }) => !/^(|false|no|off|none|never|0)$/i.test(value));
    if (meant) return { key, ...meant };
  }
  return { ...usual, clusters: 0 };
};
