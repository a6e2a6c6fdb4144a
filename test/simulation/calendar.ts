/** When EventBridge Scheduler fires, by the calendar of a time zone. */

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/**
 * The instant at which a day's clock shows a time, or `undefined` where daylight saving leaves it out. Of a time
 * that comes twice the first is meant.
 */
export const instantOf = (day: string, { hour, minute }: TimeOfDay, timeZone: string): number | undefined => {
  const guess = Date.parse(`${day}T${two(hour)}:${two(minute)}:00Z`);
  const wanted = `${day} ${two(hour)}:${two(minute)}`;
  const format = new Intl.DateTimeFormat("sv-SE", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  for (let quarters = -4 * 15; quarters <= 4 * 15; quarters += 1) {
    const instant = guess + quarters * 900_000;
    if (format.format(instant) === wanted) return instant;
  }
  return undefined;
};

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

export const isoSeconds = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;

const two = (value: number): string => String(value).padStart(2, "0");
