import { mayPass } from "../errors.ts";
import type { Engine } from "./engine.ts";

export interface Patience {
  /** So many questions of a kind may a region leave unanswered, one after the other. */
  readonly unansweredMax: number;
  /** For so long nothing of the kind is asked of it then: it fails with the same words. */
  readonly restMs: number;
  /** Epoch milliseconds, by the wall. */
  readonly clock: () => number;
}

/** What is remembered of the places that do not answer: shared by the engines of one command. */
export type Unanswered = Map<string, { readonly times: number; readonly error: Error; readonly at: number }>;

/**
 * An engine for somebody who waits for the answer. Behind each question are the SDK's own attempts, longer from one to the
 * next: a region that is dead would take a quarter of an hour from a run, step by step. What AWS refuses it refuses at
 * once, and says nothing of another question.
 */
export const impatient = (
  engine: Engine,
  { unansweredMax, restMs, clock }: Patience,
  unanswered: Unanswered,
): Engine => {
  const ask = async <T>(kind: string, region: string, work: () => Promise<T>): Promise<T> => {
    const place = `${engine.family} ${kind} ${region}`;
    const before = unanswered.get(place);
    const times = before?.times ?? 0;
    if (before && times >= unansweredMax && clock() < before.at + restMs) throw before.error;
    try {
      const answer = await work();
      unanswered.delete(place);
      return answer;
    } catch (error) {
      // Questions that were asked side by side are left unanswered once.
      if (mayPass(error)) unanswered.set(place, { times: times + 1, error, at: clock() });
      throw error;
    }
  };
  return {
    ...engine,
    listClusters: (region) => ask("clusters", region, () => engine.listClusters(region)),
    findClusters: (query) => ask("clusters", query.region, () => engine.findClusters(query)),
    pickSnapshots: (region, pick) => ask("snapshots", region, () => engine.pickSnapshots(region, pick)),
    pickStretch: (region, stretch, pick) =>
      ask("snapshots", region, () => engine.pickStretch(region, stretch, pick)),
    snapshotsOf: (query) => ask("snapshots", query.region, () => engine.snapshotsOf(query)),
    findSnapshots: (query) => ask("snapshots", query.region, () => engine.findSnapshots(query)),
  };
};
