import { chooseTag, type FleetSurvey } from "./fleet-survey.ts";
import { partitionOf, regionsByPartition } from "./region.ts";

export interface StarterInput {
  readonly home: string;
  /** Absent where nobody looked at the account. */
  readonly survey?: FleetSurvey;
  /** Where the editors' schema is, seen from the file. */
  readonly schema?: string;
}

/** A holdfast.yml to begin with: one plan that packaging takes as it is, and what may be added, as comments. */
export const starterText = ({ home, survey, schema }: StarterInput): string => {
  const lines = [
    ...(schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]),
    "# The plans: what is backed up, how often, where to, and for how long. docs/reference.md of Holdfast explains every word.",
    ...(survey === undefined ? [] : ["#", ...seen(home, survey).map((line) => `# ${line}`)]),
    `regions: [${home}] # every region that holds recovery points, now or formerly; a copy region too`,
    "plans:",
    "  daily:",
    "    schedule: cron(0 3 * * ? *) # EventBridge's cron or rate",
    "    timezone: UTC # of the schedule, and of retention's days and weeks",
    ...selection(home, survey),
    "    retention: { keep-last: 2, keep-daily: 7 } # what any rule keeps stays; also keep-weekly, keep-within: 30d …",
    ...copies(home, survey),
    "    # objective: { source: 37h } # the oldest acceptable newest recovery point; alarms hold it",
    "    deadline: 12h # a run stops waiting then; the next one goes on",
  ];
  return `${lines.join("\n")}\n`;
};

const keysShown = 20;
const valuesShown = 6;

const seen = (home: string, { clusters, encrypted, engines, tags }: FleetSurvey): readonly string[] => {
  if (clusters === 0) return [`There is no cluster in ${home} yet.`];
  const kinds = engines.map((one) => `${one.clusters} ${one.engine}`).join(", ");
  const found = `Seen in ${home}: ${many(clusters)} (${kinds}), ${encrypted} encrypted.`;
  if (tags.length === 0) return [found, "None of them carries a tag."];
  const uses = tags.slice(0, keysShown).map(({ key, values }) => {
    const shown = values.slice(0, valuesShown).map((one) => `${JSON.stringify(one.value)} (${one.clusters})`);
    return `  ${JSON.stringify(key)}: ${shown.join(", ")}${values.length > valuesShown ? ", …" : ""}`;
  });
  const more = tags.length > keysShown ? [`  and ${tags.length - keysShown} more keys`] : [];
  return [found, "Their tags, and how many clusters have each value:", ...uses, ...more];
};

const many = (clusters: number): string => `${clusters} cluster${clusters === 1 ? "" : "s"}`;

const selection = (home: string, survey: FleetSurvey | undefined): readonly string[] => {
  const { key, value, clusters } = chooseTag(survey);
  const carried =
    clusters === null || survey === undefined
      ? "every key must match one of its values"
      : clusters === 0
        ? "no cluster carries this yet: tag those that are meant, or choose another tag"
        : `carried by ${clusters} of ${many(survey.clusters)}`;
  return [
    "    select:",
    `      tags: { ${word(key)}: [${word(value)}] } # ${carried}`,
    `      regions: [${home}]`,
    '      # exclude: { tags: { backup-skip: ["true"] } }',
  ];
};

/** Quoted where YAML might read something else in it. */
const word = (text: string): string =>
  /^[a-z][a-z0-9-]*$/i.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);

const copies = (home: string, survey: FleetSurvey | undefined): readonly string[] => {
  const region = neighbourOf(home);
  if (region === undefined) return [];
  const keyless = survey !== undefined && survey.clusters > 0 && survey.encrypted === 0;
  const key = keyless
    ? "none # or a key of that region, once clusters are encrypted"
    : "alias/backup # a key of that region: encrypted snapshots cannot be copied without one";
  return [
    "    # copies: # to another region, which `regions` must have too",
    `    #   - region: ${region}`,
    `    #     kms-key: ${key}`,
    "    #     retention: { keep-daily: 3 } # default: the plan's",
  ];
};

/** Another region of the partition, of the same part of the world where there is one. */
const neighbourOf = (home: string): string | undefined => {
  const others = (regionsByPartition[partitionOf(home) ?? ""] ?? []).filter((region) => region !== home);
  return others.find((region) => region.split("-")[0] === home.split("-")[0]) ?? others[0];
};
