import { firstPlans } from "../estate.ts";
import { inject, redeploy, type Tonight } from "../tonight.ts";

/** What operators change in holdfast.yml between two nights. */

const changed = (tonight: Tonight, change: Parameters<typeof redeploy>[1]): void => {
  inject(tonight.stage, tonight.kind);
  redeploy(tonight, change);
};

export const retentionShortened = (tonight: Tonight): void =>
  changed(tonight, (plan) => ({
    ...plan,
    retention: Object.fromEntries(
      Object.entries(plan.retention).map(([rule, count]) => [
        rule,
        Math.max(1, count - tonight.dice.between(1, 3)),
      ]),
    ),
  }));

export const planRemoved = (tonight: Tonight): void =>
  changed(tonight, (plan) => (plan.name === "ledger" ? undefined : plan));

export const regionDropped = (tonight: Tonight): void =>
  changed(tonight, (plan) => ({ ...plan, copies: [] }));

/** Brings back what was taken out, with the retention of the first day. */
export const planRestored = ({ stage, dice }: Pick<Tonight, "stage" | "dice">): void => {
  const timeZone = stage.plans()[0]?.timeZone ?? "UTC";
  stage.deploy(firstPlans(dice.fork("plans again"), timeZone));
};
