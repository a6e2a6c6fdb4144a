import { type Rules, readRules } from "./keeping.ts";
import type { SeenSnapshot } from "./records.ts";

/** What a snapshot says of itself, read by the checkers' own rules. */

/** `holdfast-<what>-<eight letters>-<time>`; Redshift puts `copy:` before the names of its copies. */
const ourName = /^(copy:)?holdfast-[a-z0-9-]+-[a-z2-7]{8}-\d{8}t\d{6}z(-[23])?$/;

/** Ours by name and by tag, made by hand or by us, and not by AWS. */
export const isOurs = (snapshot: SeenSnapshot, service: string): boolean => {
  const known = bearers.get(snapshot) ?? { service: bearer(snapshot) };
  bearers.set(snapshot, known);
  return known.service === service;
};

/** Of each, the service whose it is, if any: everything is asked that at every call, and does not change. */
const bearers = new WeakMap<SeenSnapshot, { readonly service: string | undefined }>();

const bearer = (snapshot: SeenSnapshot): string | undefined =>
  !snapshot.automated &&
  ourName.test(snapshot.id) &&
  ["plan", "cluster", "resource", "taken-at"].every((key) => snapshot.tags.get(`holdfast:${key}`)) &&
  !Number.isNaN(takenAt(snapshot))
    ? snapshot.tags.get("holdfast:service")
    : undefined;

/** Ours, of a plan and a resource. */
export const isPointOf = (
  snapshot: SeenSnapshot,
  { service, plan, resource }: { readonly service: string; readonly plan: string; readonly resource: string },
): boolean => isOurs(snapshot, service) && planOf(snapshot) === plan && resourceOf(snapshot) === resource;

/** A copy that AWS made of one of ours and nobody has tagged yet. */
export const isArriving = ({ id, tags, automated }: SeenSnapshot): boolean =>
  !automated && /^(copy:)?holdfast-/.test(id) && tags.size === 0;

export const planOf = ({ tags }: SeenSnapshot): string => tags.get("holdfast:plan") ?? "";
export const resourceOf = ({ tags }: SeenSnapshot): string => tags.get("holdfast:resource") ?? "";
export const takenAt = ({ tags }: SeenSnapshot): number => Date.parse(tags.get("holdfast:taken-at") ?? "");
export const isHeld = ({ tags }: SeenSnapshot): boolean => tags.has("holdfast:hold");

/** `undefined` where nothing was promised; `NaN` where nobody can read what. */
export const untilOf = ({ tags }: SeenSnapshot): number | undefined => {
  const until = tags.get("holdfast:until");
  return until === undefined ? undefined : Date.parse(until);
};

/** The retention that it was promised; `undefined` for what nobody can read, which keeps everything. */
export const stampOf = ({ tags }: SeenSnapshot): Rules | undefined =>
  readRules(tags.get("holdfast:keep") ?? "");

/** One word for rules that are the same, in whatever order. */
export const wordFor = (rules: Rules | undefined): string =>
  rules === undefined ? "unreadable" : JSON.stringify(Object.entries(rules).toSorted());

export const isAvailable = ({ status }: SeenSnapshot): boolean =>
  status === "available" || status === "final snapshot";
export const isFailed = ({ status }: SeenSnapshot): boolean => status === "failed" || status === "cancelled";
export const isRunningCopy = ({ status, sourceArn, sourceRegion }: SeenSnapshot): boolean =>
  (status === "copying" && sourceArn !== undefined) || (status === "creating" && sourceRegion !== undefined);

/** Longer than any night of Recognise's may fail. */
const untaggedMsMax = 3 * 86_400_000;

/** Whether a copy that AWS has brought, and that nobody has tagged yet, can be recognised by a snapshot alone: by its name. */
export const isRecognisedBy = (copy: SeenSnapshot, source: SeenSnapshot, now: number): boolean =>
  isArriving(copy) &&
  [copy, source].every(isAvailable) &&
  copy.family === "redshift" &&
  copy.sourceRegion === source.region &&
  copy.cluster === source.cluster &&
  copy.id.replace(/^copy:/, "") === source.id &&
  now - (source.createdAt ?? now) < untaggedMsMax;

/** Whether a running copy reads from a snapshot. */
export const readsFrom = (copy: SeenSnapshot, source: SeenSnapshot): boolean =>
  isRunningCopy(copy) &&
  (copy.sourceArn === source.arn ||
    (copy.sourceRegion === source.region &&
      copy.family === source.family &&
      copy.cluster === source.cluster &&
      copy.createdAt === source.createdAt));
