import { isOurName } from "./naming.ts";
import { ownedBy, tagKeys } from "./ownership.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Why a snapshot is not one of the service's, or `undefined` where it is: the first reason for which `ownedBy` refuses
 * it, in words that show whether it is somebody else's, or a broken one of ours.
 */
export const whyForeign = (service: string, snapshot: Snapshot): string | undefined =>
  ownedBy(service, snapshot) === undefined
    ? (objections(service, snapshot).find((words) => words !== undefined) ?? missingTag(snapshot))
    : undefined;

const objections = (service: string, { id, manual, tags }: Snapshot): readonly (string | undefined)[] => {
  const theirs = tags?.[tagKeys.service];
  return [
    tags === undefined ? "AWS told no tags" : undefined,
    theirs === undefined ? `no tag ${tagKeys.service}` : undefined,
    theirs === service ? undefined : `of ${theirs}, not of ${service}`,
    manual ? undefined : "not a manual snapshot",
    isOurName(id) ? undefined : "not a name of ours",
  ];
};

const missingTag = ({ tags = {} }: Snapshot): string => {
  const absent = [tagKeys.plan, tagKeys.cluster, tagKeys.resource, tagKeys.takenAt].find((key) => !tags[key]);
  return absent === undefined ? `tag ${tagKeys.takenAt} is no time` : `no tag ${absent}`;
};
