import { elements } from "../protocol/xml.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";

/** What a snapshot's attributes look like: there is only `restore`, and it is there even when empty. */
export const attributesShape = ({ id, sharedWith }: DbClusterSnapshot) => ({
  DBClusterSnapshotAttributesResult: {
    DBClusterSnapshotIdentifier: id,
    DBClusterSnapshotAttributes: elements("DBClusterSnapshotAttribute", [
      { AttributeName: "restore", AttributeValues: elements("AttributeValue", sharedWith) },
    ]),
  },
});
