import { regions } from "../estate.ts";
import { minute, type Storm, type Tonight } from "../tonight.ts";

/** What befalls calls to AWS, and the invocations that make them. */

const storm = (tonight: Tonight, more: Partial<Storm>): void => {
  const { dice, start, kind, storms } = tonight;
  // Mostly while a run is at work, which is the first quarter of an hour.
  const from = start + dice.one([-2, 0, 0, 1, 3, 8, 40]) * minute;
  storms.push({
    ...{ kind, from, until: from + dice.between(2, 60) * minute, share: dice.one([0.05, 0.2, 0.6]) },
    ...(dice.chance(0.5) && { region: dice.one(regions) }),
    ...more,
  });
};

const killer = (tonight: Tonight, error: string): void => {
  const { dice, kind, killers } = tonight;
  killers.push({ kind, error, share: dice.one([0.05, 0.2, 0.5]), left: dice.between(1, 8) });
};

export const throttling = (tonight: Tonight): void =>
  storm(tonight, { fault: "throttle", share: tonight.dice.one([0.2, 0.6, 0.95]) });

export const serverErrors = (tonight: Tonight): void => {
  storm(tonight, { fault: "internal" });
  storm(tonight, { fault: "unavailable" });
};

export const lostRequests = (tonight: Tonight): void => storm(tonight, { fault: "reset-before" });

export const lostAnswers = (tonight: Tonight): void => storm(tonight, { fault: "reset-after" });

export const slowAnswers = (tonight: Tonight): void =>
  storm(tonight, { backMs: tonight.dice.one([3_000, 15_000, 25_000]) });

export const killed = (tonight: Tonight): void => killer(tonight, "Lambda.Unknown");

export const outOfTime = (tonight: Tonight): void => killer(tonight, "Sandbox.Timedout");
