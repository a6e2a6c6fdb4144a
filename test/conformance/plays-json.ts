import type { Stage } from "./stage.ts";

/** Successful requests of the services that speak JSON, and of STS. */
export const otherPlays: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "the caller is named": async ({ wire }) => {
    await wire.ask("sts", "GetCallerIdentity", {});
  },
  "keys are described, whatever their state": async ({ wire }) => {
    for (const KeyId of ["alias/databases", "alias/off", "alias/going", "alias/aws/rds"]) {
      await wire.ask("kms", "DescribeKey", { KeyId });
    }
  },
  "events are taken, and wrong ones named in the answer": async ({ wire }) => {
    const event = { Source: "test", DetailType: "Test", Detail: '{"a":1}' };
    await wire.ask("events", "PutEvents", {
      Entries: [
        {
          ...event,
          Time: new Date("2026-03-01T12:00:00Z"),
          Resources: ["arn:aws:rds:us-east-1:1:cluster:a"],
        },
        { ...event, Source: "aws.rds" },
        { ...event, Detail: "not json" },
        { ...event, DetailType: undefined },
      ],
    });
  },
  "tagged resources are listed in pages": async ({ wire }) => {
    const { PaginationToken } = await wire.ask("tagging", "GetResources", { ResourcesPerPage: 2 });
    await wire.ask("tagging", "GetResources", { ResourcesPerPage: 2, PaginationToken });
    await wire.ask("tagging", "GetResources", {
      ResourceTypeFilters: ["rds:cluster"],
      TagFilters: [{ Key: "team", Values: ["a&b"] }],
    });
  },
};
