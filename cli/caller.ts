import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { translateFault } from "../lib/engines/faults.ts";

/** Whose credentials these are. */
export interface Caller {
  readonly account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** Refused credentials and an unreachable endpoint show here, before anything has begun. */
export const whoCalls = async (region: string): Promise<Caller> => {
  try {
    const answer = await new STSClient({ region, maxAttempts: 2 }).send(new GetCallerIdentityCommand({}));
    return { account: answer.Account ?? "", partition: answer.Arn?.split(":")[1] ?? "aws" };
  } catch (error) {
    throw translateFault({ service: "sts", operation: "GetCallerIdentity", region }, error);
  }
};
