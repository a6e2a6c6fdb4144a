import { at as night } from "../night.ts";
import { copyOf, type FleetSnapshot, type PointOf, point } from "../steps/points.ts";

/** Recovery points that are recent by the wall clock, which is the one that a command in its own process reads. */
const dayMs = 86_400_000;
const timeOfNight = Date.parse(night) % dayMs;

/** The newest 03:00 UTC that lies at least an hour back. */
export const lastNight = Math.floor((Date.now() - 3_600_000 - timeOfNight) / dayMs) * dayMs + timeOfNight;

/** `nights` of it ago: 0 is the newest 03:00 UTC. */
export const recent = (nights: number, options: PointOf = {}): FleetSnapshot =>
  point((Date.parse(night) - lastNight) / dayMs + nights, options);

/** A point of each of the last nights, the newest first. */
export const recents = (count: number, options: PointOf = {}): readonly FleetSnapshot[] =>
  Array.from({ length: count }, (_, nights) => recent(nights, options));

export const copiesOf = (
  some: readonly FleetSnapshot[],
  more: Parameters<typeof copyOf>[1] = {},
): readonly FleetSnapshot[] => some.map((one) => copyOf(one, more));
