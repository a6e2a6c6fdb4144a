import type { MakeChecker } from "./checker.ts";
import { isHeld, isOurs } from "./ownership.ts";

/**
 * Nothing is deleted that others made, that AWS made, or that is held at the moment of the call. Whose it is and whether
 * it is held IAM asks at that moment as well; the other tags are as they were when the invocation looked.
 */
export const untouchable: MakeChecker = ({ service, removedByOthers }, complain, count) => ({
  deleted: ({ invocation, snapshot }) => {
    count();
    const { region, id, tags } = snapshot;
    const changed = removedByOthers(region, invocation.startedAt).find((one) => one.id === id);
    const isForeign = tags.get("holdfast:service") !== service || !isOurs(changed ?? snapshot, service);
    if (snapshot.automated) complain(`${id} in ${region} is automated and was deleted`);
    else if (id.startsWith("awsbackup:")) complain(`${id} in ${region} is AWS Backup's and was deleted`);
    else if (isForeign) complain(`${id} in ${region} is foreign and was deleted`);
    else if (isHeld(snapshot)) complain(`${id} in ${region} is held and was deleted`);
  },
});
