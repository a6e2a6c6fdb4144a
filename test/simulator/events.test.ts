import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

const region = "eu-west-1";
const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };

let simulator: Simulator;
let client: EventBridgeClient;
beforeAll(async () => {
  simulator = await startSimulator();
  client = new EventBridgeClient({ region, endpoint: simulator.endpoint, credentials });
});
afterAll(async () => {
  client.destroy();
  await simulator.close();
});
beforeEach(() => {
  simulator.world.store(region).events.length = 0;
});

const good = { Source: "backups", DetailType: "Run finished", Detail: '{"saved":3}' };
const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

describe("PutEvents", () => {
  it("takes an event and keeps what it says", async () => {
    const answer = await put({ ...good, Resources: ["arn:aws:rds:eu-west-1:123456789012:cluster:shop"] });
    expect(answer.FailedEntryCount).toBe(0);
    expect(simulator.world.store(region).events).toEqual([
      {
        at: simulator.clock.now(),
        id: answer.Entries?.[0]?.EventId,
        bus: "default",
        source: "backups",
        detailType: "Run finished",
        detail: { saved: 3 },
        resources: ["arn:aws:rds:eu-west-1:123456789012:cluster:shop"],
      },
    ]);
  });

  it("keeps the time and the bus an event names", async () => {
    const Time = new Date("2025-11-30T01:02:03Z");
    await put({ ...good, Time, EventBusName: "alerts" });
    expect(simulator.world.store(region).events).toMatchObject([{ at: Time, bus: "alerts" }]);
  });

  it.each([
    ["no Source", { ...good, Source: undefined }, "InvalidArgument"],
    ["no DetailType", { ...good, DetailType: undefined }, "InvalidArgument"],
    ["no Detail", { ...good, Detail: undefined }, "InvalidArgument"],
    ["a Detail that is no JSON", { ...good, Detail: "saved: 3" }, "MalformedDetail"],
    ["a Detail that is no object", { ...good, Detail: "[3]" }, "MalformedDetail"],
    ["AWS's own source", { ...good, Source: "aws.rds" }, "NotAuthorizedForSourceException"],
  ])("fails an entry with %s alone, in an answer of status 200", async (_, wrong, ErrorCode) => {
    const answer = await put(good, wrong, good);
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries).toEqual([
      { EventId: expect.any(String) },
      { ErrorCode, ErrorMessage: expect.any(String) },
      { EventId: expect.any(String) },
    ]);
    expect(simulator.world.store(region).events.length).toBe(2);
  });

  it("takes ten entries, each with an id of its own, and refuses eleven", async () => {
    const answer = await put(...Array.from({ length: 10 }, () => good));
    expect(new Set(answer.Entries?.map(({ EventId }) => EventId)).size).toBe(10);
    await expect(put(...Array.from({ length: 11 }, () => good))).rejects.toMatchObject({
      name: "ValidationException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("refuses more than a mebibyte in all", async () => {
    const Detail = JSON.stringify({ text: "x".repeat(600_000) });
    expect((await put({ ...good, Detail })).FailedEntryCount).toBe(0);
    await expect(put({ ...good, Detail }, { ...good, Detail })).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});
