import { partitionOf } from "../arn.ts";
import { defineOperation } from "../operation.ts";

export const operation = defineOperation({
  name: "GetCallerIdentity",
  input: {},
  run: (_input, { account, accessKeyId, region }) => ({
    Arn: `arn:${partitionOf(region)}:iam::${account}:user/${accessKeyId}`,
    UserId: accessKeyId,
    Account: account,
  }),
});
