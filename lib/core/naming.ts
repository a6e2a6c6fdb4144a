import type { Cluster } from "./cluster.ts";
import { base32, digest } from "./digest.ts";
import { type Request, type Run, requestParts } from "./run.ts";
import { compactTime } from "./time.ts";

const namePrefix = "holdfast-";

/** RDS allows 63 characters: 9 + readable 26 + "-" + hash 8 + "-" + time 16 + "-n" 2. */
const readableMax = 26;
const hashLength = 8;

/** After this many attempts a name is given up and becomes a problem. */
export const attemptsMax = 3;

/** The readable part is held to its length and single hyphens as well: whoever has this form may be deleted. */
const nameForm =
  /^holdfast-(?=.{1,26}-[a-z2-7]{8}-\d{8}t)[a-z0-9]+(-[a-z0-9]+)*-[a-z2-7]{8}-\d{8}t\d{6}z(-[23])?$/;

/** What a name is derived from: the service (with its stage), the run and the cluster, by its ARN and immutable id. */
export interface NameInput {
  readonly service: string;
  readonly run: Pick<Run, "plan" | "at"> & { readonly request?: Request };
  readonly cluster: Pick<Cluster, "id" | "arn" | "resource">;
}

/**
 * The identifier of a run's snapshot of a cluster: `holdfast-<readable>-<hash>-<yyyymmddthhmmssz>`.
 *
 * Lower case, a letter first, no double or final hyphen, at most 61 characters, so that an attempt's suffix
 * still fits into RDS's 63. The hash keeps apart what the cut readable part no longer tells: clusters whose
 * names differ late, regions that copy into one, stages, a re-created cluster, two requests in one minute.
 */
export const snapshotName = ({ service, run, cluster }: NameInput): string => {
  const asked = run.request === undefined ? [] : requestParts(run.request);
  const hash = base32(digest([service, run.plan, cluster.arn, cluster.resource, ...asked])).slice(
    0,
    hashLength,
  );
  return `${namePrefix}${readable(run.plan, cluster.id)}-${hash}-${compactTime(run.at)}`;
};

/** The name of the nth attempt: the first has no suffix, the second `-2`. */
export const attemptName = (name: string, attempt: number): string =>
  attempt === 1 ? name : `${name}-${attempt}`;

/** Every name that attempts at this one may have used, first attempt first. */
export const attemptNames = (name: string): readonly string[] =>
  Array.from({ length: attemptsMax }, (_, index) => attemptName(name, index + 1));

/** The names of the attempts that may follow one of this name. */
export const laterAttempts = (name: string): readonly string[] =>
  attemptNames(baseName(name)).slice(attemptOf(name));

/** The name without its attempt's suffix. */
export const baseName = (name: string): string => name.replace(/(t\d{6}z)-[2-9]$/, "$1");

/** Which attempt a name is: 1 for a bare one. */
export const attemptOf = (name: string): number => Number(/t\d{6}z-([2-9])$/.exec(name)?.[1] ?? "1");

/** AWS puts a prefix before the identifiers of Redshift's cross-region copies (unconfirmed which; seen: `copy:`). */
export const plainName = (id: string): string => id.replace(/^copy:/, "");

/** Whether an identifier has the form of ours. AWS's prefix does not make a copy anyone else's. */
export const isOurName = (id: string): boolean => nameForm.test(plainName(id));

/** Plan and cluster, cut; a hyphen at the cut or a double one would be refused by RDS. */
const readable = (plan: string, cluster: string): string =>
  `${plan}-${cluster}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, readableMax)
    .replaceAll(/^-+|-+$/g, "");
