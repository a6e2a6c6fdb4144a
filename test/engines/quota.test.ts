import { expect, it } from "vitest";
import { rdsFamily } from "../../lib/engines/rds-family.ts";
import { redshift } from "../../lib/engines/redshift.ts";
import { clientsOf, home, openLab } from "./lab.ts";
import { serveAnswers } from "./serve.ts";

const taken = (id: string) => ({
  region: home,
  id,
  cluster: "shop",
  engine: "docdb" as const,
  created: "2026-01-01",
});

it("RDS tells how many manual snapshots there are and may be; Redshift tells neither", async () => {
  const { clients } = await openLab({
    settings: { manualClusterSnapshotsMax: 150 },
    snapshots: [taken("a"), taken("b"), { ...taken("rds:c"), type: "automated" }],
  });
  expect(await rdsFamily(clients).manualQuota(home)).toEqual({ used: 2, max: 150 });
  expect(await redshift(clients).manualQuota(home)).toBeUndefined();
});

it.each(["", "<Used>7</Used>", "<Max>100</Max>"])(
  "an answer without the quota's numbers tells nothing, rather than that there is none: %j",
  async (numbers) => {
    const quota = `<AccountQuotaName>ManualClusterSnapshots</AccountQuotaName>${numbers}`;
    const quotas = numbers && `<AccountQuota>${quota}</AccountQuota>`;
    const endpoint = await serveAnswers(
      () =>
        `<DescribeAccountAttributesResponse><DescribeAccountAttributesResult><AccountQuotas>${quotas}</AccountQuotas>` +
        "</DescribeAccountAttributesResult></DescribeAccountAttributesResponse>",
    );
    expect(await rdsFamily(clientsOf(endpoint)).manualQuota(home)).toBeUndefined();
  },
);
