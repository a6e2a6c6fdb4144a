import type { MakeChecker } from "./checker.ts";
import { isHeld, isOurs } from "./ownership.ts";

/** Nothing is deleted that others made, that AWS made, or that is held at the moment of the call. */
export const untouchable: MakeChecker = ({ service }, complain, count) => ({
  deleted: ({ snapshot }) => {
    count();
    const { region, id } = snapshot;
    if (snapshot.automated) complain(`${id} in ${region} is automated and was deleted`);
    else if (id.startsWith("awsbackup:")) complain(`${id} in ${region} is AWS Backup's and was deleted`);
    else if (!isOurs(snapshot, service)) complain(`${id} in ${region} is foreign and was deleted`);
    else if (isHeld(snapshot)) complain(`${id} in ${region} is held and was deleted`);
  },
});
