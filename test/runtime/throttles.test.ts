import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { DescribeDBClustersCommand } from "@aws-sdk/client-rds";
import { DescribeClustersCommand } from "@aws-sdk/client-redshift";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import type { Clients } from "../../lib/engines/clients.ts";
import { engineClients, eventClients, keyClients } from "../../lib/runtime/clients.ts";
import type { FaultKind } from "../../simulator/faults.ts";
import type { Simulator } from "../../simulator/simulator.ts";
import { withNight } from "../night.ts";

const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
const region = "us-east-1";
const Entries = [{ Source: "test", DetailType: "test", Detail: "{}" }];

/** One call of each client that steps have. */
const calls: Readonly<Record<string, (clients: Clients) => Promise<unknown>>> = {
  rds: ({ rds }) => rds(region).send(new DescribeDBClustersCommand({})),
  redshift: ({ redshift }) => redshift(region).send(new DescribeClustersCommand({})),
  tagging: ({ tagging }) => tagging(region).send(new GetResourcesCommand({})),
  sts: ({ sts }) => sts(region).send(new GetCallerIdentityCommand({})),
  kms: ({ kms }) => kms(region).send(new DescribeKeyCommand({ KeyId: "alias/aws/rds" })),
  eventBridge: ({ eventBridge }) => eventBridge().send(new PutEventsCommand({ Entries })),
};

const watched = (
  { simulator, fault, times }: { simulator: Simulator; fault: FaultKind; times: number },
  call: (clients: Clients) => Promise<unknown>,
) => {
  let throttled = 0;
  const onThrottled = (): void => {
    throttled += 1;
  };
  const options = { endpoint: simulator.endpoint, credentials, onThrottled };
  const clients = { ...engineClients(options), ...keyClients(options), ...eventClients(region, options) };
  simulator.faults.add({ times, kind: fault });
  return call(clients).then(
    () => ({ throttled, failed: false }),
    () => ({ throttled, failed: true }),
  );
};

describe("throttled attempts", () => {
  it.each(Object.entries(calls))(
    "of the client %s show although the SDK then got through",
    async (_, call) => {
      await withNight({ fleet: {} }, async ({ simulator }) => {
        const outcome = await watched({ simulator, fault: "throttle", times: 1 }, call);
        expect(outcome).toEqual({ throttled: 1, failed: false });
        expect(simulator.calls.total).toBe(2);
      });
    },
  );

  it.each(["ThrottlingException", "RequestLimitExceeded"])(
    "are told by AWS's word %s, and count also where they are the last",
    async (code) => {
      await withNight({ fleet: {} }, async ({ simulator }) => {
        const fault = { code, status: 400, message: "Rate exceeded" };
        const outcome = await watched({ simulator, fault, times: 9 }, calls.rds as never);
        expect(outcome).toEqual({ throttled: 3, failed: true });
      });
    },
  );

  it.each<[string, FaultKind]>([
    ["an internal error", "internal"],
    ["a dropped connection", "reset-before"],
    ["a denial", { code: "AccessDenied", status: 403, message: "no" }],
  ])("are not %s", async (_, fault) => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      const { throttled } = await watched({ simulator, fault, times: 2 }, calls.rds as never);
      expect(throttled).toBe(0);
      expect(simulator.calls.total).toBeGreaterThan(0);
    });
  });
});
