import { expect, it } from "vitest";
import type { CopySetting } from "../../lib/core/cluster.ts";
import { copyToManage } from "../../lib/core/copy-setting.ts";
import type { CopyPlan } from "../../lib/core/plan.ts";
import { clusterOf } from "./samples.ts";

const managed: CopyPlan = { region: "eu-west-1", unencrypted: true, retention: {}, manage: true };
const { manage: _, ...unmanaged } = managed;
const here: CopyPlan = { ...managed, region: "us-east-1" };

const choice = (copySetting: CopySetting | undefined, copies: readonly CopyPlan[], engine = "redshift") =>
  copyToManage(clusterOf({ engine: engine as "redshift", ...(copySetting && { copySetting }) }), copies)
    ?.region;

it.each<readonly [string, CopySetting | undefined, readonly CopyPlan[], string | undefined]>([
  ["absent", undefined, [managed], "eu-west-1"],
  ["absent, and no plan manages it", undefined, [unmanaged], undefined],
  ["absent, and the managed region is the cluster's own", undefined, [here], undefined],
  [
    "absent, and another copy is managed",
    undefined,
    [unmanaged, { ...managed, region: "eu-west-2" }],
    "eu-west-2",
  ],
  ["right", { region: "eu-west-1", manualRetentionDays: -1 }, [managed], undefined],
  ["right but for its days", { region: "eu-west-1", manualRetentionDays: 30 }, [managed], "eu-west-1"],
  ["elsewhere", { region: "ap-south-1", manualRetentionDays: 30 }, [managed], undefined],
])("a setting that is %s", (_name, setting, copies, region) => {
  expect(choice(setting, copies)).toBe(region);
});

it("is no engine's whose snapshots are copied by call", () => {
  expect(choice(undefined, [managed], "aurora-mysql")).toBe(undefined);
});
