import { HoldfastError } from "../errors.ts";
import type { Engine } from "./engine.ts";

/**
 * An engine that does not ask a region again for what it did not answer, but fails with the same words. In a preview time is
 * only imagined: a pump's passes come one upon the other, and each would try its calls again and wait between them.
 */
export const impatient = (engine: Engine): Engine => {
  const failures = new Map<string, HoldfastError>();
  const ask = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const failure = failures.get(what);
    if (failure) throw failure;
    try {
      return await work();
    } catch (error) {
      if (error instanceof HoldfastError) failures.set(what, error);
      throw error;
    }
  };
  return {
    ...engine,
    listClusters: (region) => ask(`clusters ${region}`, () => engine.listClusters(region)),
    findClusters: (query) => ask(`clusters ${query.region}`, () => engine.findClusters(query)),
    pickSnapshots: (region, pick) => ask(`snapshots ${region}`, () => engine.pickSnapshots(region, pick)),
    pickStretch: (region, stretch, pick) =>
      ask(`snapshots ${region}`, () => engine.pickStretch(region, stretch, pick)),
    snapshotsOf: (query) => ask(`snapshots ${query.region}`, () => engine.snapshotsOf(query)),
    findSnapshots: (query) => ask(`snapshots ${query.region}`, () => engine.findSnapshots(query)),
  };
};
