import type { Ailment, Tonight } from "../tonight.ts";

/** What becomes of snapshots and copies while AWS makes them. */

const ail = (
  { ailments, dice, kind }: Tonight,
  more: Pick<Ailment, "work" | "fate"> & Partial<Ailment>,
): void => void ailments.push({ kind, share: dice.one([0.1, 0.4]), left: dice.between(1, 6), ...more });

const late = ({ dice }: Tonight): number => dice.between(50, 99);

export const snapshotsStuck = (tonight: Tonight): void =>
  ail(tonight, {
    work: "create",
    fate: { stuckAtPercent: late(tonight) },
    hours: tonight.dice.between(1, 40),
  });

export const snapshotsFailing = (tonight: Tonight): void =>
  ail(tonight, { work: "create", fate: { failAtPercent: late(tonight) } });

export const copiesStuck = (tonight: Tonight): void =>
  ail(tonight, { work: "copy", fate: { stuckAtPercent: late(tonight) }, hours: tonight.dice.between(1, 40) });

export const copiesFailing = (tonight: Tonight): void =>
  ail(tonight, { work: "copy", fate: { failAtPercent: late(tonight) } });

export const copiesVanishing = (tonight: Tonight): void =>
  ail(tonight, { work: "copy", fate: { vanishAtPercent: late(tonight) } });
