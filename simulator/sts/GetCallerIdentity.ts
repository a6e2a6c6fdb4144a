import { userArn } from "../iam.ts";
import { defineOperation } from "../operation.ts";

export const operation = defineOperation({
  name: "GetCallerIdentity",
  input: {},
  // Documented: no permission is needed, and a policy that denies it has no effect.
  permissions: () => [],
  run: (_input, call) => ({
    Arn: userArn(call, call.region),
    UserId: call.accessKeyId,
    Account: call.account,
  }),
});
