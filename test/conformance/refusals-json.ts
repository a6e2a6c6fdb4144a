import type { Refusal } from "./refusal.ts";

/** Each fault of KMS; keys that exist but cannot be used are described like any other. */
export const kmsRefusals: readonly Refusal[] = [
  { fault: "NotFoundException", operation: "DescribeKey", input: { KeyId: "alias/nothing" } },
  {
    fault: "NotFoundException",
    operation: "DescribeKey",
    input: { KeyId: "00000000-dead-4000-8000-000000000000" },
  },
  { fault: "ValidationException", operation: "DescribeKey", input: {} },
];

const listing = (input: object): Refusal => ({
  fault: "InvalidParameterException",
  operation: "GetResources",
  input,
});

/** Each fault of the Resource Groups Tagging API. */
export const taggingRefusals: readonly Refusal[] = [
  listing({ ResourcesPerPage: 101 }),
  listing({ TagsPerPage: 99 }),
  listing({ PaginationToken: "made up" }),
  listing({ ResourceARNList: [] }),
  listing({ ResourceARNList: ["arn:aws:rds:us-east-1:1:cluster:a"], ResourceTypeFilters: ["rds"] }),
  listing({ TagFilters: [{ Key: "a", Values: Array.from({ length: 21 }, (_, index) => String(index)) }] }),
];
