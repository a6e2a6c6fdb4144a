import { commonError } from "./protocol/errors.ts";
import { list, required, structure, text } from "./protocol/shape.ts";

/** The shape of a `Filters` parameter: `Filters.Filter.1.Name`, `Filters.Filter.1.Values.Value.1`. */
export const filtersShape = list("Filter", structure({ Name: required(text), Values: list("Value", text) }));

interface Filter {
  readonly Name: string;
  readonly Values: readonly string[] | undefined;
}

/** A filter's values as each item is held against them. */
export interface FilterValues {
  has(value: string): boolean;
  /** Those among them that are ARNs. */
  readonly arns: readonly string[];
}

/** How one filter name is applied. */
export interface FilterRule<T> {
  readonly matches: (item: T, values: FilterValues) => boolean;
  /** What the values are called where their number is limited: `DB Cluster Identifiers`. */
  readonly limited?: string;
}

export type FilterRules<T> = Readonly<Record<string, FilterRule<T>>>;

interface FilterLimits<T> {
  readonly rules: FilterRules<T>;
  readonly valuesMax: number;
}

/**
 * What keeps the items that match all filters, each by any of its values; names and values are case-sensitive.
 * A value that nothing has leaves nothing, never NotFound.
 */
export const filterTest = <T>(
  filters: readonly Filter[] | undefined,
  { rules, valuesMax }: FilterLimits<T>,
): ((item: T) => boolean) => {
  const tests = (filters ?? []).map((filter) => {
    const rule = ruleFor(filter, rules);
    const values = valuesOf(filter, rule, valuesMax);
    return (item: T): boolean => rule.matches(item, values);
  });
  return (item) => tests.every((test) => test(item));
};

/** The items that match all filters. */
export const filterBy = <T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  limits: FilterLimits<T>,
): readonly T[] => items.filter(filterTest(filters, limits));

const ruleFor = <T>({ Name }: Filter, rules: FilterRules<T>): FilterRule<T> => {
  const rule = Object.hasOwn(rules, Name) ? rules[Name] : undefined;
  if (!rule) throw commonError("InvalidParameterValue", `Unrecognized filter name: ${Name}`);
  return rule;
};

const valuesOf = <T>({ Name, Values }: Filter, rule: FilterRule<T>, valuesMax: number): FilterValues => {
  const values = new Set(Values ?? []);
  if (values.size === 0) {
    throw commonError("InvalidParameterCombination", `No values were given for the filter ${Name}.`);
  }
  // The 100 is proven for db-cluster-id; a filter that would pass 101 silently is the worse guess.
  if (rule.limited && values.size > valuesMax) {
    throw commonError(
      "InvalidParameterCombination",
      `Only up to ${valuesMax} unique filter ${rule.limited} are allowed.`,
    );
  }
  return { has: (value) => values.has(value), arns: [...values].filter((value) => value.startsWith("arn:")) };
};
