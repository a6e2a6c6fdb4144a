import type { Dice } from "../dice.ts";
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
      Object.entries(plan.retention).map(([rule, value]) => [rule, shorter(value, tonight.dice)]),
    ),
  }));

/** Fewer periods, or fewer of a span's first unit. */
const shorter = (value: number | string, dice: Dice): number | string => {
  const less = Math.max(1, Number.parseInt(String(value), 10) - dice.between(1, 3));
  return typeof value === "number" ? less : value.replace(/^\d+/, String(less));
};

/** A plan's brake, and with it what it keeps: more is to go at once than it allows. */
export const brakeTightened = (tonight: Tonight): void => {
  const { name } = tonight.dice.one(tonight.stage.plans());
  changed(tonight, (plan) =>
    plan.name === name ? { ...plan, brake: tightest, floor: 1, retention: { last: 1 } } : plan,
  );
};

/** By which it is known on quiet nights, when plans are put right. */
export const tightest = 1;

export const planRemoved = (tonight: Tonight): void => {
  const gone = tonight.dice.one(["ledger", "vault"]);
  changed(tonight, (plan) => (plan.name === gone ? undefined : plan));
};

/** Switches a plan off, for as many nights as it takes until this comes again; or on. */
export const planDisabled = (tonight: Tonight): void => {
  const { name } = tonight.dice.one(tonight.stage.plans());
  changed(tonight, (plan) => (plan.name === name ? { ...plan, enabled: !plan.enabled } : plan));
};

export const regionDropped = (tonight: Tonight): void =>
  changed(tonight, (plan) => ({ ...plan, copies: [] }));

/** Brings back what was taken out, with the retention of the first day. */
export const planRestored = ({ stage, dice }: Pick<Tonight, "stage" | "dice">): void => {
  const timeZone = stage.plans()[0]?.timeZone ?? "UTC";
  stage.deploy(firstPlans(dice.fork("plans again"), timeZone, stage.bounds));
};
