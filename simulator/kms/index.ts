import { operationTable, type Service } from "../operation.ts";
import { operation as DescribeKey } from "./DescribeKey.ts";

export const kms: Service = {
  signingName: "kms",
  protocol: { kind: "json", target: "TrentService" },
  version: "2014-11-01",
  operations: operationTable([DescribeKey]),
};
