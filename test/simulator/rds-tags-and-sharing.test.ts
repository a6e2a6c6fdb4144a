import {
  AddTagsToResourceCommand,
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  ListTagsForResourceCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  type ModifyDBClusterSnapshotAttributeCommandInput,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  arn,
  closeAccount,
  clusterNow,
  openAccount,
  partnerAccount,
  type RdsAccount,
  refusal,
} from "./rds-account.ts";

let account: RdsAccount;
let client: RdsAccount["client"];
let partner: RdsAccount["partner"];
beforeEach(async () => {
  account = await openAccount();
  ({ client, partner } = account);
});
afterEach(() => closeAccount(account));

const tagsOf = async (ResourceName: string) =>
  (await account.client.send(new ListTagsForResourceCommand({ ResourceName }))).TagList;

describe("tags of RDS resources", () => {
  it("are set, overwritten and listed, on clusters, snapshots and instances alike", async () => {
    for (const ResourceName of [
      arn("cluster:shop"),
      arn("cluster-snapshot:shop-s"),
      arn("db:shop-instance-1"),
    ]) {
      const Tags = [
        { Key: "team", Value: "data" },
        { Key: "stage", Value: "live" },
      ];
      await client.send(new AddTagsToResourceCommand({ ResourceName, Tags }));
      expect(await tagsOf(ResourceName)).toEqual(expect.arrayContaining(Tags));
      await client.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ["team", "never"] }));
      expect((await tagsOf(ResourceName))?.map(({ Key }) => Key)).not.toContain("team");
      expect((await tagsOf(ResourceName))?.map(({ Key }) => Key)).toContain("stage");
    }
  });

  it("are seen in DescribeDBClusters", async () => {
    const Tags = [{ Key: "team", Value: "data" }];
    await client.send(new AddTagsToResourceCommand({ ResourceName: arn("cluster:shop"), Tags }));
    expect((await clusterNow(client, "shop"))?.TagList).toEqual(Tags);
  });

  it.each([
    ["cluster:gone", "DBClusterNotFoundFault DBClusterNotFoundFault 404"],
    ["cluster-snapshot:gone", "DBClusterSnapshotNotFoundFault DBClusterSnapshotNotFoundFault 404"],
    ["db:gone", "DBInstanceNotFoundFault DBInstanceNotFound 404"],
    ["snapshot:gone", "DBSnapshotNotFoundFault DBSnapshotNotFound 404"],
    ["og:gone", "InvalidParameterValue InvalidParameterValue 400"],
  ])("of %s answer NotFound of its kind", async (resource, expected) => {
    const ResourceName = arn(resource);
    expect(await refusal(tagsOf(ResourceName))).toBe(expected);
    const Tags = [{ Key: "a", Value: "b" }];
    expect(await refusal(client.send(new AddTagsToResourceCommand({ ResourceName, Tags })))).toBe(expected);
    const removal = new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ["a"] });
    expect(await refusal(client.send(removal))).toBe(expected);
  });

  it("must be asked for in the resource's own region, by ARN", async () => {
    const expected = "InvalidParameterValue InvalidParameterValue 400";
    expect(await refusal(tagsOf(arn("cluster:shop", "us-east-1")))).toBe(expected);
    expect(await refusal(tagsOf("shop"))).toBe(expected);
  });

  it.each([
    ["a reserved key", [{ Key: "aws:mine", Value: "x" }]],
    ["an empty value", [{ Key: "a", Value: "" }]],
    ["one more than the limit", Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "v" }))],
  ])("refuse %s", async (_, Tags) => {
    const asked = client.send(new AddTagsToResourceCommand({ ResourceName: arn("cluster:shop"), Tags }));
    expect(await refusal(asked)).toBe("InvalidParameterValue InvalidParameterValue 400");
    expect(await tagsOf(arn("cluster:shop"))).toEqual([{ Key: "team", Value: "web" }]);
  });
});

describe("attributes of cluster snapshots", () => {
  const share = (input: Partial<ModifyDBClusterSnapshotAttributeCommandInput>) =>
    client.send(
      new ModifyDBClusterSnapshotAttributeCommand({
        DBClusterSnapshotIdentifier: "shop-s",
        AttributeName: "restore",
        ...input,
      }),
    );
  const describeAttributes = async (DBClusterSnapshotIdentifier: string) =>
    (await client.send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier })))
      .DBClusterSnapshotAttributesResult;

  it("share a snapshot and take it back", async () => {
    expect(await describeAttributes("SHOP-S")).toEqual({
      DBClusterSnapshotIdentifier: "shop-s",
      DBClusterSnapshotAttributes: [{ AttributeName: "restore", AttributeValues: [] }],
    });
    const shared = await share({ ValuesToAdd: [partnerAccount, "all"] });
    expect(shared.DBClusterSnapshotAttributesResult).toEqual(await describeAttributes("shop-s"));
    expect(
      shared.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes?.[0]?.AttributeValues,
    ).toEqual([partnerAccount, "all"]);
    const listing = new DescribeDBClusterSnapshotsCommand({ SnapshotType: "shared" });
    expect((await partner.send(listing)).DBClusterSnapshots?.length).toBe(1);
    await share({ ValuesToRemove: [partnerAccount] });
    expect((await partner.send(listing)).DBClusterSnapshots).toEqual([]);
    expect((await describeAttributes("shop-s"))?.DBClusterSnapshotAttributes?.[0]?.AttributeValues).toEqual([
      "all",
    ]);
  });

  const accounts = Array.from({ length: 21 }, (_, index) => String(100_000_000_000 + index));
  it.each([
    [
      "an automated snapshot",
      { DBClusterSnapshotIdentifier: "rds:shop-2026-02-28", ValuesToAdd: ["all"] },
      "InvalidDBClusterSnapshotStateFault InvalidDBClusterSnapshotStateFault 400",
    ],
    [
      "a snapshot in progress",
      { DBClusterSnapshotIdentifier: "shop-now", ValuesToAdd: ["all"] },
      "InvalidDBClusterSnapshotStateFault InvalidDBClusterSnapshotStateFault 400",
    ],
    [
      "a snapshot there is not",
      { DBClusterSnapshotIdentifier: "gone" },
      "DBClusterSnapshotNotFoundFault DBClusterSnapshotNotFoundFault 404",
    ],
    [
      "an attribute there is not",
      { AttributeName: "copy" },
      "InvalidParameterValue InvalidParameterValue 400",
    ],
    [
      "a value that is no account",
      { ValuesToAdd: ["me"] },
      "InvalidParameterValue InvalidParameterValue 400",
    ],
    [
      "the same value twice",
      { ValuesToAdd: ["all"], ValuesToRemove: ["all"] },
      "InvalidParameterCombination InvalidParameterCombination 400",
    ],
    [
      "more than twenty accounts",
      { ValuesToAdd: accounts },
      "SharedSnapshotQuotaExceededFault SharedSnapshotQuotaExceeded 400",
    ],
    [
      "an encrypted one for all",
      { DBClusterSnapshotIdentifier: "shop-kms", ValuesToAdd: ["all"] },
      "InvalidParameterValue InvalidParameterValue 400",
    ],
    [
      "one under the default key",
      { DBClusterSnapshotIdentifier: "shop-aws", ValuesToAdd: [partnerAccount] },
      "InvalidParameterValue InvalidParameterValue 400",
    ],
  ])("refuse %s", async (_, input, expected) => {
    expect(await refusal(share(input))).toBe(expected);
  });
});
