import pMap from "p-map";
import { isArrivalOf } from "../core/arrival.ts";
import { traitsOf } from "../core/cluster.ts";
import { type OwnedSnapshot, ownedBy, stampCopy } from "../core/ownership.ts";
import type { RetentionPolicy } from "../core/retention.ts";
import { arnOf, type Snapshot } from "../core/snapshot.ts";
import { HoldfastError, TransientError } from "../errors.ts";
import type { Context } from "./context.ts";

export interface Recognition {
  /** The copy region. */
  readonly region: string;
  /** Our recovery points elsewhere, each of which may have been copied. */
  readonly owned: readonly OwnedSnapshot[];
  /** What there is in the copy region. */
  readonly present: readonly Snapshot[];
  /** What a copy of a point is promised there. */
  readonly promise: (source: OwnedSnapshot) => {
    readonly retention: RetentionPolicy;
    readonly carry: readonly string[];
  };
}

/**
 * Recognises AWS's own copies of our snapshots, and tags them as soon as they are available: they come without
 * any. By the ARN of what they are copies of, with the tags that they then have; a copy that was tagged just
 * now is another object than the one in `present`.
 */
export const tagArrivals = async (
  { region, owned, present, promise }: Recognition,
  { engines, journal, service }: Context<"engines">,
): Promise<ReadonlyMap<string, Snapshot>> => {
  const arrivals = new Map<string, Snapshot>();
  for (const copy of present.filter(({ sourceRegion }) => sourceRegion !== undefined)) {
    const source = owned.find((one) => isArrivalOf(copy, one.snapshot));
    if (source === undefined) continue;
    if (copy.status !== "available" || ownedBy(service, copy) !== undefined) {
      arrivals.set(arnOf(source.snapshot), copy);
      continue;
    }
    const tags = stampCopy({ source, ...promise(source) });
    await engines[traitsOf(copy.engine).family].tagSnapshot({ snapshot: copy, tags });
    journal({ kind: "copy.recognised", region, source: source.snapshot.id, copy: copy.id });
    arrivals.set(arnOf(source.snapshot), { ...copy, tags });
  }
  return arrivals;
};

/** Tags that are written at once: hundreds of copies may come together, and a pass has minutes for them. */
export const tagsAtOnce = 5;

/**
 * The same for a pump, copy by copy: one that AWS will not let us tag, because somebody has put another owner's tag
 * on it, must not cost all other clusters their copies, night after night. Of those without tags the first so many are
 * tagged; the others are there at the next look, and so is everything once AWS does not answer: the pump has other copies
 * to begin, which need no tags of these.
 */
export const tagEachArrival = async (
  { present, ...recognition }: Recognition,
  tagsMax: number,
  context: Context<"engines">,
): Promise<ReadonlyMap<string, Snapshot>> => {
  const arrivals = new Map<string, Snapshot>();
  const { owned, region } = recognition;
  const isTagged = (copy: Snapshot): boolean => ownedBy(context.service, copy) !== undefined;
  const concern = present.filter(
    (copy) => copy.sourceRegion !== undefined && owned.some(({ snapshot }) => isArrivalOf(copy, snapshot)),
  );
  const untagged = concern.filter((copy) => !isTagged(copy)).slice(0, tagsMax);
  let silent = false;
  await pMap(
    [...concern.filter(isTagged), ...untagged],
    async (copy) => {
      if (silent) return;
      try {
        const found = await tagArrivals({ ...recognition, present: [copy] }, context);
        for (const [source, one] of found) arrivals.set(source, one);
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        const { message } = error;
        silent ||= error instanceof TransientError;
        context.journal(
          error instanceof TransientError
            ? { kind: "region.unlisted", region, family: traitsOf(copy.engine).family, error: message }
            : { kind: "copy.refused", region, source: copy.id, error: message },
        );
      }
    },
    { concurrency: tagsAtOnce },
  );
  return arrivals;
};
