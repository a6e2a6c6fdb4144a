import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeDBClustersCommand } from "@aws-sdk/client-rds";
import { expect, it, onTestFinished } from "vitest";
import { ask } from "../../lib/engines/faults.ts";
import { TransientError } from "../../lib/errors.ts";
import { engineClients, eventClients } from "../../lib/runtime/clients.ts";

const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };

it("a request that is never answered is given up, not only warned of", async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = engineClients({ endpoint, credentials }).rds("us-east-1");
  const place = { service: "rds", operation: "DescribeDBClusters", region: "us-east-1" };
  // The limit of this one call is lowered, so that the test need not wait for the clients' own.
  const call = () => client.send(new DescribeDBClustersCommand({}), { requestTimeout: 50 });
  await expect(ask(place, call)).rejects.toThrow(TransientError);
}, 5_000);

it("a client is made once for each region, and kept", () => {
  const clients = { ...engineClients({ credentials }), ...eventClients("us-east-1", { credentials }) };
  expect(clients.rds("eu-west-1")).toBe(clients.rds("eu-west-1"));
  expect(clients.rds("eu-west-1")).not.toBe(clients.rds("us-east-1"));
  expect(clients.eventBridge()).toBe(clients.eventBridge());
});
