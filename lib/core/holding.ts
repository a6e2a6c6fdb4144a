import { type OwnedSnapshot, ownedBy } from "./ownership.ts";
import { arnOf, isInProgress, type Snapshot } from "./snapshot.ts";

/** Whose hold is to be put on or taken off: a snapshot by its identifier or ARN, and where it may be. */
export interface HoldQuery {
  readonly service: string;
  readonly name: string;
  /** Where it is looked for; its copies may be elsewhere. */
  readonly regions: readonly string[];
  /** Also what was copied from it. */
  readonly copies: boolean;
}

/** `misuse` is of the caller's making; `missing` is AWS's answer. Both are whole sentences. */
export type HoldVerdict =
  | { readonly points: readonly OwnedSnapshot[] }
  | { readonly misuse: string }
  | { readonly missing: string };

/** Which recovery points a name means, among the snapshots that were listed: only ours, and one place only. */
export const pointsNamed = (listed: readonly Snapshot[], query: HoldQuery): HoldVerdict => {
  const { service, name, regions, copies } = query;
  const named = listed.filter(
    (one) => (one.id === name || arnOf(one) === name) && regions.includes(one.region),
  );
  const owned = listed.flatMap((snapshot) => ownedBy(service, snapshot) ?? []);
  const ours = owned.filter(({ snapshot }) => named.includes(snapshot));
  const [stranger] = named;
  if (stranger === undefined)
    return { missing: `there is no manual snapshot ${name} in ${regions.join(", ")}` };
  if (ours.length === 0) return { misuse: foreign(stranger, service) };
  const copied = copies ? owned.filter((one) => ours.some((source) => isCopyOf(one, source))) : [];
  const origins = ours.filter((one) => !copied.includes(one));
  if (origins.length > 1) return { misuse: ambiguous(name, origins) };
  return { points: [...origins, ...copied] };
};

const isCopyOf = (copy: OwnedSnapshot, { snapshot }: OwnedSnapshot): boolean =>
  copy.source === arnOf(snapshot);

const foreign = ({ id, region, tags }: Snapshot, service: string): string => {
  const owner = /^holdfast\/(.+)$/.exec(tags?.["holdfast:service"] ?? "")?.[1];
  const whose =
    owner && `holdfast/${owner}` !== service
      ? `; for a recovery point of holdfast/${owner} say --stage ${owner}`
      : "";
  return `${id} in ${region} is not a recovery point of ${service}, and is left alone${whose}`;
};

const ambiguous = (name: string, places: readonly OwnedSnapshot[]): string => {
  const regions = places.map(({ snapshot }) => snapshot.region);
  const distinct = new Set(regions).size === regions.length;
  const list = places.map(({ snapshot }) => (distinct ? snapshot.region : arnOf(snapshot))).join(", ");
  const remedy = distinct ? "say which with --in, or all with --copies" : "name one by its ARN";
  return `${name} is in several places: ${list}; ${remedy}`;
};

/** What is done to one point; `refuse` says why nothing can be. */
export type HoldStep =
  | { readonly do: "hold"; readonly reason: string }
  | { readonly do: "release" }
  | { readonly do: "nothing" }
  | { readonly do: "refuse"; readonly because: string };

/** Without a reason, one that is held already keeps its own. `fallback` is the reason where nobody gave any. */
export const holdStep = (point: OwnedSnapshot, reason: string | undefined, fallback: string): HoldStep => {
  const { hold, snapshot } = point;
  if (snapshot.status !== "available" && !isInProgress(snapshot))
    return { do: "refuse", because: `it is ${statusWord(snapshot)}, and no recovery point` };
  if (hold !== undefined && (reason === undefined || reason === hold)) return { do: "nothing" };
  return { do: "hold", reason: reason ?? fallback };
};

/** A failed one too: a hold keeps it from being cleaned away. */
export const releaseStep = ({ hold }: OwnedSnapshot): HoldStep =>
  hold === undefined ? { do: "nothing" } : { do: "release" };

const statusWord = ({ status }: Snapshot): string =>
  status === "unknown" ? "in a state that AWS does not document" : status;
