import { operationTable, type Service } from "../operation.ts";
import { operation as GetCallerIdentity } from "./GetCallerIdentity.ts";

export const sts: Service = {
  signingName: "sts",
  protocol: { kind: "query", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
  version: "2011-06-15",
  operations: operationTable([GetCallerIdentity]),
};
