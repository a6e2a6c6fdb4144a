import type { MakeChecker } from "./checker.ts";
import type { Departure, Invocation } from "./records.ts";

/**
 * In no second do a run's functions, in all parts of it, call a service in a region more often than the budget allows,
 * beside a first call of each: it finds the way free, whatever the others do.
 */
export const budget: MakeChecker = (scene, complain, count) => {
  const recent = new Map<string, readonly Departure[]>();
  return {
    departed: (call) => {
      const { invocation, service, region, at } = call;
      const most = scene.callsPerSecond;
      if (most === undefined || !budgeted.has(service)) return;
      count();
      const key = `${sharersOf(invocation)} ${service} ${region}`;
      const calls = [...(recent.get(key) ?? []).filter((one) => one.at > at - 1000), call];
      recent.set(key, calls);
      const functions = new Set(calls.map((one) => one.invocation.number)).size;
      if (calls.length > most + functions)
        complain(
          `${calls.length} calls to ${service} in ${region} within a second by ${functions} of ${sharersOf(invocation)}; ${most} are allowed`,
        );
    },
    nightEnded: () => recent.clear(),
  };
};

const budgeted = new Set(["rds", "redshift"]);

const sharersOf = ({ number, function: name, whole }: Invocation): string =>
  whole === undefined ? `${name}#${number}` : `run ${whole}`;
