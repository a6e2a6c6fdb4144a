import { expect, it, onTestFinished, vi } from "vitest";
import { runPeer } from "../../bench/peer.ts";
import { scenarioOf } from "../../bench/scenario.ts";

/** Any program that honours AWS_ENDPOINT_URL: here two calls by the SDK, which is told nothing else. */
const program = `
  import { DescribeDBClusterSnapshotsCommand, DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
  const client = new RDSClient();
  const { DBClusters } = await client.send(new DescribeDBClustersCommand());
  await client.send(new DescribeDBClusterSnapshotsCommand());
  process.exitCode = DBClusters.length;
`;

it("runs a peer against the fleet, counts its calls, and says how it ended", async () => {
  const command = `"${process.execPath}" --input-type=module -e '${program}'`;
  const run = await runPeer(scenarioOf(10), { command, speed: 60 });
  expect(run.calls).toEqual({ "rds.DescribeDBClusters": 1, "rds.DescribeDBClusterSnapshots": 1 });
  // Five clusters of the RDS family in the home region, as the program has answered.
  expect(run.exitStatus).toBe(5);
  expect(run.virtualSeconds).toBeGreaterThan(0);
});

it("calls as nobody else, whoever the bench's caller is in AWS", async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv("AWS_PROFILE", "somebody");
  vi.stubEnv("AWS_SESSION_TOKEN", "a token");
  const command = `test "$AWS_ACCESS_KEY_ID$AWS_PROFILE$AWS_SESSION_TOKEN" = simulator`;
  const { exitStatus } = await runPeer(scenarioOf(10), { command, speed: 60 });
  expect(exitStatus).toBe(0);
});
