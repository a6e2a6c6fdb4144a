/**
 * What AWS charges for orchestration, in USD for us-east-1, as on its pricing pages when docs/deploy.md section 10
 * was written. Free allowances are not counted. Storage and transfer are lib/core/cost.ts's.
 */
export const prices = {
  date: "2026-11-25",
  region: "us-east-1",
  /** Step Functions, standard workflows. */
  transition: 0.025 / 1000,
  /** Lambda on arm64. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1_000_000,
  /** EventBridge, custom events. */
  event: 1 / 1_000_000,
} as const;

/** Nights of a month. */
const nights = 30;

export interface Use {
  readonly transitions: number;
  readonly lambdaRequests: number;
  readonly lambdaGbSeconds: number;
  readonly events: number;
}

/** Dollars of a month of such nights. */
export const dollarsMonth = ({ transitions, lambdaRequests, lambdaGbSeconds, events }: Use): number =>
  nights *
  (transitions * prices.transition +
    lambdaRequests * prices.lambdaRequest +
    lambdaGbSeconds * prices.lambdaGbSecond +
    events * prices.event);
