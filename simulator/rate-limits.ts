import type { World } from "./world.ts";

interface Target {
  readonly account: string;
  readonly service: string;
  readonly region: string;
}

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * AWS's token buckets, one for each account, service and region: a call takes a token, and without one it is
 * throttled. How large RDS's are is published nowhere, so they are a setting; without it nothing is throttled.
 */
export const createRateLimits = ({ settings, clock }: World): { take(target: Target): boolean } => {
  const buckets = new Map<string, Bucket>();
  return {
    take: ({ account, service, region }) => {
      const { callsPerSecond, callsBurst } = settings;
      if (callsPerSecond === undefined) return true;
      const now = clock.now().getTime();
      const name = `${account} ${service} ${region}`;
      const { tokens, at } = buckets.get(name) ?? { tokens: callsBurst, at: now };
      const held = Math.min(callsBurst, tokens + ((now - at) / 1000) * callsPerSecond);
      buckets.set(name, { tokens: held >= 1 ? held - 1 : held, at: now });
      return held >= 1;
    },
  };
};
