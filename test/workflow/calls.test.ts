import { describe, expect, it } from "vitest";
import { demoFleet } from "../../cli/demo/fleet.ts";
import { demoAt, demoConfig, demoHome, demoService } from "../../cli/demo/plan.ts";
import { makeLedger } from "../../cli/ledger.ts";
import { virtualTime } from "../../cli/virtual-time.ts";
import { inProcess, runWorkflow } from "../../cli/workflow.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { makeRuntime } from "../../lib/runtime/runtime.ts";
import { planNamed } from "../../lib/steps/context.ts";
import type { CallEntry } from "../../simulator/calls.ts";
import { startSimulator } from "../../simulator/simulator.ts";

const config = parseConfig(demoConfig, { path: "the demo's plan", home: demoHome });

/** The demo's night, for what it costs. */
const demoNight = async (): Promise<{
  calls: readonly CallEntry[];
  transitions: number;
  largest: number;
}> => {
  const simulator = await startSimulator({ fleet: demoFleet(planNamed(config, "daily")) });
  try {
    const runtime = makeRuntime({
      ...{ service: demoService, home: demoHome, config, journal: makeLedger().write },
      clock: () => simulator.clock.now().getTime(),
      clients: {
        endpoint: simulator.endpoint,
        credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      },
    });
    const time = virtualTime(simulator.clock);
    const { transitions, largestPayloadBytes } = await runWorkflow({
      request: { plan: "daily", at: demoAt },
      time,
      ...inProcess(runtime),
    });
    return { calls: simulator.calls.entries, transitions, largest: largestPayloadBytes };
  } finally {
    await simulator.close();
  }
};

const controlPlane = ({ service }: CallEntry): boolean => service === "rds" || service === "redshift";
const count = (calls: readonly CallEntry[], operation: RegExp): number =>
  calls.filter((call) => operation.test(call.operation)).length;

describe("the cost of the demo's night", () => {
  it("stays within one and a half times the floor of calls", async () => {
    const { calls } = await demoNight();
    const ours = calls.filter(controlPlane);
    // One listing of clusters in each source region and of snapshots in each region, by family; a page each.
    const listings = 2 * 2 + 3 * 2;
    const deeds = count(ours, /^(Create|Copy|Delete|BatchDelete)/);
    // One listing for each moment of virtual time, region and service at which a poll was due.
    const polls = new Set(
      ours
        .filter(({ operation, at }) => /^Describe.*Snapshots$/.test(operation) && at > (ours[0]?.at ?? at))
        .map(({ at, region, service }) => `${at.toISOString()} ${region} ${service}`),
    ).size;
    expect(deeds).toBeGreaterThan(30);
    expect(ours.length / (listings + deeds + polls)).toBeLessThan(1.5);
  });

  it("asks for no resource's tags, and tags nothing but the one copy that AWS made by itself", async () => {
    const { calls } = await demoNight();
    expect(count(calls, /^ListTagsForResource$|^DescribeTags$|^GetResources$|^AddTags/)).toBe(0);
    expect(count(calls, /^CreateTags$/)).toBe(1);
  });

  it("carries little between states", async () => {
    const { largest } = await demoNight();
    expect(largest).toBeLessThan(8_192);
  });
});
