import { cleanTagValue, stampOf } from "./ownership.ts";
import type { Plan } from "./plan.ts";
import type { PlanDocument } from "./plan-document.ts";
import { keyMismatch } from "./plan-key.ts";
import { isRegion } from "./region.ts";
import { shortestGapSeconds } from "./schedule.ts";

/** A mistake in holdfast.yml: where, what is there, and what would be right. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The deployed region is no word of the file, but what the file leaves out means it. */
export const homeProblems = (home: string): readonly ConfigProblem[] =>
  isRegion(home)
    ? []
    : [
        {
          path: [],
          message: `is read in ${JSON.stringify(home)}, which is no region of AWS; set AWS_REGION to the deployed region`,
        },
      ];

export const regionsOf = (plan: Plan): readonly string[] => [
  ...plan.select.regions,
  ...plan.copies.map((to) => to.region),
];

/** What the form of a plan cannot tell: regions that nobody would visit, and copies that make no sense. */
export const regionProblems = (plan: Plan, regions: readonly string[]): readonly ConfigProblem[] => {
  const at = (message: string): ConfigProblem => ({ path: ["plans", plan.name], message });
  const copies = plan.copies.map((to) => to.region);
  const twice = copies.filter((name, index) => copies.indexOf(name) !== index);
  const home = copies.filter((name) => plan.select.regions.every((region) => region === name));
  const managed = plan.copies.filter(({ manage }) => manage).map(({ region }) => region);
  return [
    // `regions:` is what is visited for leftovers: a region that it lacks would never be cleaned up.
    ...[...new Set(regionsOf(plan))]
      .filter((name) => !regions.includes(name))
      .map((name) => at(`uses region ${name}; add it to \`regions\``)),
    ...twice.map((name) => at(`copies to ${name} twice; name each copy region once`)),
    ...(managed.length > 1
      ? [
          at(
            `manages copies to ${managed.join(" and ")}; a Redshift cluster copies to one region, so keep one manage`,
          ),
        ]
      : []),
    ...home.map((name) => at(`copies to ${name}, where all of its clusters are; name another region`)),
  ];
};

/** Every policy is stamped on what it governs, and a tag's value ends at 256 characters. */
export const stampProblems = ({ name, retention, copies }: Plan): readonly ConfigProblem[] =>
  [retention, ...copies.map((to) => to.retention)]
    .filter((policy) => stampOf(policy) !== cleanTagValue(stampOf(policy)))
    .slice(0, 1)
    .map(() => ({
      path: ["plans", name],
      message: "keeps by more rules than a tag can hold; use fewer of them",
    }));

/** Keys that the copy's region cannot use. */
export const keyProblems = (name: string, document: PlanDocument): readonly ConfigProblem[] =>
  (document.copies ?? []).flatMap(({ region, "kms-key": key = "" }, index) => {
    const message = keyMismatch(key, region);
    return message === undefined ? [] : [{ path: ["plans", name, "copies", index, "kms-key"], message }];
  });

/** A window as long as the time between two runs would let them overtake each other. */
export const windowProblems = (name: string, document: PlanDocument): readonly ConfigProblem[] => {
  const window = "flexible-window-minutes";
  const minutesBetween = shortestGapSeconds(document.schedule) / 60;
  if ((document[window] ?? 0) < minutesBetween) return [];
  const message = `use less than ${minutesBetween}, the fewest minutes between two runs of the schedule`;
  return [{ path: ["plans", name, window], message }];
};
