import pc from "picocolors";
import type { Change, PlanChanges } from "./plan-changes.ts";
import { pointLine, renderProblems, wrap } from "./table.ts";

/** The differences for people: `+` happens only with the changed file, `-` only with the present one. */
export const renderChanges = (changes: PlanChanges, width: number): string => {
  const { plansAdded, plansRemoved, plansOff, taken, copied, pruned, swept, problems } = changes;
  const parts = [
    ...plansAdded.map((name) => pc.green(`+ plan ${name}`)),
    ...plansRemoved.map((name) => {
      const going = swept.filter(({ plan }) => plan === name).length;
      const words =
        `- plan ${name}: its recovery points go on under the policies stamped on them; ` +
        `Sweep would remove ${going}`;
      return pc.red(wrap(words, width, "  "));
    }),
    ...plansOff.map((name) => pc.red(`- plan ${name}: switched off, and its recovery points are left alone`)),
    lines("would be pruned", pruned.more, "+", width),
    lines("would no longer be pruned", pruned.fewer, "-", width),
    lines("would be snapshotted", taken.more, "+", width),
    lines("would no longer be snapshotted", taken.fewer, "-", width),
    lines("would be copied", copied.more, "+", width),
    lines("would no longer be copied", copied.fewer, "-", width),
    renderProblems(problems, width),
  ].filter((part) => part !== "");
  const words = parts.length === 0 ? ["the next runs would do the same with both"] : parts;
  return [...words, "nothing was changed"].join("\n\n");
};

const lines = (what: string, some: readonly Change[], sign: "+" | "-", width: number): string =>
  some.length === 0
    ? ""
    : [`${what}: ${some.length}`, ...some.map((one) => line(one, sign, width))].join("\n");

const line = ({ plan, region, id, because }: Change, sign: "+" | "-", width: number): string => {
  const text = pointLine({ head: `${sign} ${plan} ${region.padEnd(12)} `, id, because: [because], width });
  return sign === "+" ? pc.green(text) : pc.yellow(text);
};
