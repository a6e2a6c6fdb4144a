import { expect, it } from "vitest";
import { rdsFamily } from "../../lib/engines/rds-family.ts";
import { redshift } from "../../lib/engines/redshift.ts";
import { clientsOf, home } from "./lab.ts";
import { serveAnswers } from "./serve.ts";

const rdsAnswer = (encrypted: boolean) => `
<DescribeDBClusterSnapshotsResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBClusterSnapshotsResult>
<DBClusterSnapshots><DBClusterSnapshot><DBClusterSnapshotIdentifier>s1</DBClusterSnapshotIdentifier>
<DBClusterIdentifier>orders</DBClusterIdentifier><Engine>aurora-mysql</Engine><Status>available</Status>
<SnapshotType>manual</SnapshotType><StorageEncrypted>${encrypted}</StorageEncrypted><KmsKeyId>1234abcd-12ab-34cd-56ef-1234567890ab</KmsKeyId>
<DBClusterSnapshotArn>arn:aws:rds:us-east-1:123456789012:cluster-snapshot:s1</DBClusterSnapshotArn><TagList/>
</DBClusterSnapshot></DBClusterSnapshots></DescribeDBClusterSnapshotsResult></DescribeDBClusterSnapshotsResponse>`;

const redshiftAnswer = (encrypted: boolean) => `
<DescribeClusterSnapshotsResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><DescribeClusterSnapshotsResult>
<Snapshots><Snapshot><SnapshotIdentifier>s1</SnapshotIdentifier><ClusterIdentifier>wh</ClusterIdentifier>
<Status>available</Status><SnapshotType>manual</SnapshotType><Encrypted>${encrypted}</Encrypted><KmsKeyId>1234abcd-12ab-34cd-56ef-1234567890ab</KmsKeyId>
<SnapshotArn>arn:aws:redshift:us-east-1:123456789012:snapshot:wh/s1</SnapshotArn><Tags/>
</Snapshot></Snapshots></DescribeClusterSnapshotsResult></DescribeClusterSnapshotsResponse>`;

it("a Redshift snapshot under a key that AWS owns tells none that could be looked at", async () => {
  const answer = redshiftAnswer(true).replace(/<KmsKeyId>[^<]*/, "<KmsKeyId>AWS_OWNED_KMS_KEY");
  const engine = redshift(clientsOf(await serveAnswers(() => answer)));
  const [snapshot] = await engine.pickSnapshots(home, (one) => one);
  expect([snapshot?.encrypted, snapshot?.kmsKey]).toEqual([true, undefined]);
});

// An AWS implementation of others' tells a key that it does not have, on snapshots that are not encrypted.
it.each([
  ["rds", rdsFamily, rdsAnswer],
  ["redshift", redshift, redshiftAnswer],
] as const)(
  "a snapshot that is not encrypted needs no key, whatever %s tells",
  async (_name, make, answer) => {
    const keyOf = async (encrypted: boolean) => {
      const engine = make(clientsOf(await serveAnswers(() => answer(encrypted))));
      const [snapshot] = await engine.pickSnapshots(home, (one) => one);
      return { encrypted: snapshot?.encrypted, kmsKey: snapshot?.kmsKey };
    };
    expect(await keyOf(true)).toEqual({ encrypted: true, kmsKey: "1234abcd-12ab-34cd-56ef-1234567890ab" });
    expect(await keyOf(false)).toEqual({ encrypted: false, kmsKey: undefined });
  },
);
