import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { CreateDBClusterCommand, DescribeDBClusterSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateClusterCommand, DeleteClusterCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeLedger } from "../../cli/ledger.ts";
import { resultDocument } from "../../cli/result-document.ts";
import { wallTime } from "../../cli/virtual-time.ts";
import { inProcess, runWorkflow } from "../../cli/workflow.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { log } from "../../lib/runtime/log.ts";
import { makeRuntime } from "../../lib/runtime/runtime.ts";
import { at, home, nightAfter, plainPlan, service } from "../night.ts";

/**
 * The same nights against moto, an AWS that we did not write. Its snapshots are available at once, so it cannot
 * test waiting; it does test that what we send and read is AWS's and not our simulator's.
 */
const installed = (() => {
  try {
    execFileSync("moto_server", ["--help"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
};

const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };

describe.skipIf(!installed)("against moto (skipped where it is missing: pip install 'moto[server]')", () => {
  let endpoint: string;
  let server: ReturnType<typeof spawn>;

  beforeAll(async () => {
    log.setLogLevel("SILENT");
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    server = spawn("moto_server", ["-p", String(port)], { stdio: "ignore" });
    for (let tries = 0; tries < 100; tries += 1) {
      if (
        await fetch(endpoint).then(
          () => true,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  afterAll(() => {
    server.kill();
  });

  const night = async (when: string) => {
    const ledger = makeLedger();
    const config = plainPlan
      .replace("keep-daily: 3", "keep-daily: 2")
      .replace("copies: [{ region: eu-west-1, kms-key: alias/backup }]", "copies: [{ region: eu-west-1 }]");
    const runtime = makeRuntime({
      ...{ service, home, journal: ledger.write },
      config: parseConfig(config, { path: "holdfast.yml", home }),
      clock: () => Date.parse(when) + 60_000,
      clients: { endpoint, credentials },
    });
    // Without time that passes, a pump that found its snapshots too early would wait on the wall's clock.
    const time = { ...wallTime, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 200)) };
    return resultDocument(
      ledger,
      await runWorkflow({ request: { plan: "daily", at: when }, time, ...inProcess(runtime) }),
    );
  };

  const dailyTag = [{ Key: "backup", Value: "daily" }];
  const user = { MasterUsername: "root", MasterUserPassword: "Correct-horse1" };

  it("takes a Redshift cluster and says what its copies lack", async () => {
    const redshift = new RedshiftClient({ region: home, endpoint, credentials });
    const warehouse = { ClusterIdentifier: "warehouse", NodeType: "ra3.xlplus", DBName: "d", Tags: dailyTag };
    await redshift.send(new CreateClusterCommand({ ...warehouse, ...user }));
    const document = await night(at);
    expect(document.clusters.map(({ cluster, status }) => [cluster, status])).toEqual([
      ["warehouse", "available"],
    ]);
    expect(document.problems.map(({ cluster, code }) => `${cluster} ${code}`)).toEqual([
      "warehouse setting-absent",
    ]);
    await redshift.send(
      new DeleteClusterCommand({ ClusterIdentifier: "warehouse", SkipFinalClusterSnapshot: true }),
    );
  });

  it("takes, copies, finds again and prunes over four nights", async () => {
    const rds = new RDSClient({ region: home, endpoint, credentials });
    for (const Engine of ["aurora-postgresql", "aurora-mysql", "neptune"]) {
      const DBClusterIdentifier = `c-${Engine}`;
      await rds.send(new CreateDBClusterCommand({ DBClusterIdentifier, Engine, Tags: dailyTag, ...user }));
    }
    for (let nights = 0; nights < 4; nights += 1) {
      const { outcome, totals } = await night(nightAfter(nights));
      expect([outcome, totals?.snapshots, totals?.copies]).toEqual(["complete", 3, 3]);
    }
    const again = await night(nightAfter(3));
    expect([again.snapshotsTaken, again.copiesStarted]).toEqual([0, 0]);
    expect(await daysIn(home)).toEqual(["20261122", "20261123"]);
    expect(await daysIn("eu-west-1")).toEqual(["20261122", "20261123"]);
  });

  const daysIn = async (region: string): Promise<string[]> => {
    const client = new RDSClient({ region, endpoint, credentials });
    const { DBClusterSnapshots = [] } = await client.send(new DescribeDBClusterSnapshotsCommand({}));
    const ids = DBClusterSnapshots.map(({ DBClusterSnapshotIdentifier: id }) => id ?? "");
    return [...new Set(ids.flatMap((id) => /(\d{8})t/.exec(id)?.[1] ?? []))].toSorted();
  };
});
