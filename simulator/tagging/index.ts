import { operationTable, type Service } from "../operation.ts";
import { operation as GetResources } from "./GetResources.ts";

export const tagging: Service = {
  signingName: "tagging",
  iamPrefix: "tag",
  protocol: { kind: "json", target: "ResourceGroupsTaggingAPI_20170126", errorWords: "Message" },
  version: "2017-01-26",
  operations: operationTable([GetResources]),
};
