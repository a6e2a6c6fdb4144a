import { operationTable, type Service } from "../operation.ts";
import { operation as PutEvents } from "./PutEvents.ts";

export const events: Service = {
  signingName: "events",
  protocol: { kind: "json", target: "AWSEvents" },
  version: "2015-10-07",
  operations: operationTable([PutEvents]),
};
