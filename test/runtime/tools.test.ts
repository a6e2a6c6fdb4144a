import { expect, it } from "vitest";
import { createdEvent } from "../../lib/core/event.ts";
import { events } from "../../lib/runtime/tools.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { pointOf } from "../core/samples.ts";
import { deafBus } from "../steps/points.ts";

it("events go to the bus of the region that the service is deployed in, and what is wrong with it is told of that", async () => {
  const simulator = await startSimulator();
  try {
    const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
    const bus = events({ home: "eu-west-1", clients: { endpoint: simulator.endpoint, credentials } });
    const event = createdEvent({ service: "holdfast-prod", run: "r", point: pointOf(), now: 0 });
    await bus.publish([event]);
    expect(simulator.calls.entries.map(({ operation, region }) => [operation, region])).toEqual([
      ["PutEvents", "eu-west-1"],
    ]);
    simulator.faults.add(deafBus);
    await expect(bus.publish([event])).rejects.toThrow("events PutEvents in eu-west-1: AccessDenied");
  } finally {
    await simulator.close();
  }
});
