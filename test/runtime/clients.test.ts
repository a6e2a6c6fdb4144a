import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DescribeDBClustersCommand } from "@aws-sdk/client-rds";
import { DescribeExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, it, onTestFinished } from "vitest";
import { ask } from "../../lib/engines/faults.ts";
import { TransientError } from "../../lib/errors.ts";
import { engineClients, eventClients, executionClient } from "../../lib/runtime/clients.ts";
import { makePace } from "../../lib/runtime/pace.ts";
import { startSimulator } from "../../simulator/simulator.ts";

const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };

it("a request that is never answered is given up, not only warned of", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rds = engineClients({ endpoint, credentials }).rds("us-east-1");
  const states = executionClient("us-east-1", { endpoint, credentials });
  // The limit of these calls is lowered, so that the test need not wait for the clients' own.
  const soon = { requestTimeout: 50 };
  const listing = () => rds.send(new DescribeDBClustersCommand({}), soon);
  const look = () => states.send(new DescribeExecutionCommand({ executionArn: "arn:aws:states" }), soon);
  for (const [{ config }, call] of [[rds, listing] as const, [states, look] as const]) {
    const place = { service: "any", operation: "Any", region: "us-east-1" };
    await expect(ask<unknown>(place, call)).rejects.toThrow(TransientError);
    // All three attempts end before the function that has least time.
    const handler = config.requestHandler as unknown as { httpHandlerConfigs(): object };
    expect(handler.httpHandlerConfigs()).toMatchObject({
      ...{ connectionTimeout: 3_000, requestTimeout: 20_000 },
    });
    expect(await config.maxAttempts()).toBe(3);
  }
}, 5_000);

it("a client is made once for each region, and kept", () => {
  const clients = { ...engineClients({ credentials }), ...eventClients("us-east-1", { credentials }) };
  expect(clients.rds("eu-west-1")).toBe(clients.rds("eu-west-1"));
  expect(clients.rds("eu-west-1")).not.toBe(clients.rds("us-east-1"));
  expect(clients.eventBridge()).toBe(clients.eventBridge());
});

it("the event bus is the home region's, wherever that is", async () => {
  const { eventBridge } = eventClients("eu-west-1", { credentials });
  expect(await eventBridge().config.region()).toBe("eu-west-1");
});

it("the event bus is told without waiting for the budget of calls, which the control planes wait for", async () => {
  const simulator = await startSimulator();
  try {
    const slept: string[] = [];
    const pacedFor = (name: string) => ({
      endpoint: simulator.endpoint,
      credentials,
      pace: makePace({ callsPerSecond: 1, clock: () => 0, sleep: async () => void slept.push(name) }),
    });
    const bus = eventClients("us-east-1", pacedFor("bus")).eventBridge();
    const rds = engineClients(pacedFor("rds")).rds("us-east-1");
    const Entries = [{ Source: "holdfast", DetailType: "Told", Detail: "{}" }];
    for (let call = 0; call < 3; call += 1) {
      expect((await bus.send(new PutEventsCommand({ Entries }))).FailedEntryCount).toBe(0);
      await rds.send(new DescribeDBClustersCommand({}));
    }
    expect(slept).toEqual(["rds", "rds"]);
  } finally {
    await simulator.close();
  }
});
