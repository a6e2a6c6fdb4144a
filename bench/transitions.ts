import { type Machine, statesOf } from "../cli/workflow.ts";

/** State transitions as AWS bills them: each state entered counts one, and each child that a Map starts. */
export interface Transitions {
  readonly total: number;
  /** Of the children of each Map, by the Map's name. */
  readonly byMap: Readonly<Record<string, number>>;
}

/** `entered`: how often each state was, by name. */
export const countTransitions = (
  definition: Machine,
  entered: Readonly<Record<string, number>>,
): Transitions => {
  const maps = statesOf(definition).flatMap(([name, { ItemProcessor }]) =>
    ItemProcessor ? [[name, childrenOf(ItemProcessor as Machine, entered)] as const] : [],
  );
  const starts = maps.reduce((sum, [, { children }]) => sum + children, 0);
  return {
    total: starts + Object.values(entered).reduce((sum, count) => sum + count, 0),
    byMap: Object.fromEntries(maps.map(([name, { children, states }]) => [name, children + states])),
  };
};

/** A child ends in one of its states with `End`, once. */
const childrenOf = (machine: Machine, entered: Readonly<Record<string, number>>) => {
  const states = statesOf(machine);
  const count = (some: typeof states): number => some.reduce((sum, [name]) => sum + (entered[name] ?? 0), 0);
  return { children: count(states.filter(([, { End }]) => End === true)), states: count(states) };
};
