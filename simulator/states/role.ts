import { parseArn } from "../arn.ts";

/** The role that a machine would have: there are no roles here, but answers must name one. */
export const roleArnOf = (stateMachineArn: string): string => {
  const { partition = "aws", account = "", id = "" } = parseArn(stateMachineArn) ?? {};
  return `arn:${partition}:iam::${account}:role/${id}`;
};
