import { DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { expect, it } from "vitest";
import { startSimulator } from "../../simulator/simulator.ts";

const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };

it("throttles in AWS's words what finds its bucket empty, by region, and fills it as time goes on", async () => {
  const simulator = await startSimulator({ fleet: { settings: { callsPerSecond: 2, callsBurst: 3 } } });
  try {
    const { endpoint } = simulator;
    const call = (region: string) =>
      new RDSClient({ endpoint, region, credentials, maxAttempts: 1 })
        .send(new DescribeDBClustersCommand())
        .then(
          () => "answered",
          ({ name, message }: Error) => `${name}: ${message}`,
        );
    const calls = async (count: number, region = "us-east-1") => {
      const all: string[] = [];
      for (let index = 0; index < count; index += 1) all.push(await call(region));
      return all;
    };
    const refused = "Throttling: Rate exceeded";
    expect(await calls(4)).toEqual(["answered", "answered", "answered", refused]);
    expect(await calls(1, "us-west-2")).toEqual(["answered"]);
    simulator.clock.advance(1);
    expect(await calls(3)).toEqual(["answered", "answered", refused]);
  } finally {
    await simulator.close();
  }
});
