import { describe, expect, test } from "vitest";
import { isRegion, partitionOf, regionsByPartition } from "../../lib/core/region.ts";

/** Where the SDK keeps what its endpoints are made of; no entry point of the package leads there. */
const sdkFile = new URL(
  "dist-es/submodules/client/util-endpoints/lib/aws/partitions.js",
  import.meta.resolve("@aws-sdk/core/package.json"),
);

interface SdkPartition {
  readonly id: string;
  readonly regions: Readonly<Record<string, unknown>>;
}

describe("regions", () => {
  test("are those of the SDK, and none besides", async () => {
    const sdk: { partitionsInfo: { partitions: readonly SdkPartition[] } } = await import(sdkFile.href);
    const { partitions } = sdk.partitionsInfo;
    const theirs = partitions.map(({ id, regions }) => [
      id,
      Object.keys(regions).filter((name) => name !== `${id}-global`),
    ]);
    expect(theirs.length).toBeGreaterThan(0);
    expect(regionsByPartition).toEqual(Object.fromEntries(theirs));
  });

  test.each([
    ["eu-west-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-east-1", "aws-us-gov"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
    ["eu-isoe-west-1", "aws-iso-e"],
    ["us-isof-south-1", "aws-iso-f"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("%s lies in %s", (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
    expect(isRegion(region)).toBe(true);
  });

  test.each(["eu-west-9", "EU-WEST-1", "eu-west-1a", "aws-global", "aws", "constructor", ""])(
    "%j is none",
    (name) => {
      expect(partitionOf(name)).toBeUndefined();
      expect(isRegion(name)).toBe(false);
    },
  );
});
