import { describe, expect, it } from "vitest";
import type { PublishedEvent } from "../../lib/core/event.ts";
import { eventBridge } from "../../lib/engines/event-bus.ts";
import { DeniedError, RefusedError, TransientError } from "../../lib/errors.ts";
import { clientsOf, home, openLab } from "./lab.ts";
import { serveAnswers } from "./serve.ts";

/** PutEvents: ten at a time, and failures entry by entry inside an HTTP 200. */
const eventsOf = (count: number): readonly PublishedEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    type: "Holdfast Recovery Point Created",
    time: "2026-03-01T02:40:00Z",
    resources: [`arn:aws:rds:${home}:123456789012:cluster:shop-${index}`],
    detail: { version: 1, id: String(index), cluster: "shop", kept: ["daily 1 of 7"] },
  }));

describe("the event bus", () => {
  it("takes 25 events in three calls, each with all that it holds", async () => {
    const { simulator, clients } = await openLab({});
    await eventBridge(clients, home).publish(eventsOf(25));
    const idOf = ({ detail }: { readonly detail: unknown }) => Number((detail as { id: string }).id);
    const events = simulator.world.store(home).events.toSorted((a, b) => idOf(a) - idOf(b));
    expect(events.map(idOf)).toEqual(eventsOf(25).map((_, index) => index));
    expect(events[0]).toMatchObject({
      at: new Date("2026-03-01T02:40:00Z"),
      bus: "default",
      source: "holdfast",
      detailType: "Holdfast Recovery Point Created",
      detail: eventsOf(1)[0]?.detail,
      resources: eventsOf(1)[0]?.resources,
    });
    expect(simulator.calls.byOperation()).toEqual({ "events.PutEvents": 3 });
  });

  it("takes hundreds of events five calls at a time", async () => {
    let [at, most] = [0, 0];
    let open: () => void = () => {};
    const five = new Promise<void>((resolve) => {
      open = resolve;
    });
    const answer = async (body: string): Promise<string> => {
      at += 1;
      most = Math.max(most, at);
      if (at === 5) open();
      await five;
      at -= 1;
      const { Entries } = JSON.parse(body) as { Entries: unknown[] };
      return JSON.stringify({ Entries: Entries.map((_, nth) => ({ EventId: `event-${nth}` })) });
    };
    await eventBridge(clientsOf(await serveAnswers(answer)), home).publish(eventsOf(200));
    expect(most).toBe(5);
  });

  it("is not called for no events", async () => {
    const { simulator, clients } = await openLab({});
    await eventBridge(clients, home).publish([]);
    expect(simulator.calls.total).toBe(0);
  });

  it("is sent again what it refused, and only that", async () => {
    const bus = await serveBus([["1", "3"], ["3"], []]);
    await bus.publish(eventsOf(5));
    expect(bus.sent).toEqual([["0", "1", "2", "3", "4"], ["1", "3"], ["3"]]);
  });

  it.each(["InternalFailure", "ThrottlingException"])(
    "is sent again what it refused for %s",
    async (code) => {
      const bus = await serveBus([["1"], []], { "1": code });
      await bus.publish(eventsOf(2));
      expect(bus.sent).toEqual([["0", "1"], ["1"]]);
    },
  );

  it("is given time before it is sent again what it throttled, and more the second time", async () => {
    const bus = await serveBus([["1"], ["1"], []]);
    await bus.publish(eventsOf(2));
    const [first = 0, second = 0, third = 0] = bus.at;
    expect(second - first).toBeGreaterThan(400);
    expect(third - second).toBeGreaterThan(900);
  });

  it("is not sent again what it refuses for ever, and is sent the rest", async () => {
    const bus = await serveBus([["1", "3"], []], { "3": "MalformedDetail" });
    const told = bus.publish(eventsOf(5));
    await expect(told).rejects.toThrow(RefusedError);
    await expect(told).rejects.toThrow(/1 entry refused: MalformedDetail/);
    expect(bus.sent).toEqual([["0", "1", "2", "3", "4"], ["1"]]);
  });

  it("that refuses three times is a TransientError which counts what is left and says why", async () => {
    const bus = await serveBus([
      ["1", "3"],
      ["1", "3"],
      ["1", "3"],
    ]);
    await expect(bus.publish(eventsOf(5))).rejects.toThrow(TransientError);
    expect(bus.sent).toHaveLength(3);
    const again = await serveBus([
      ["1", "3"],
      ["1", "3"],
      ["1", "3"],
    ]);
    await expect(again.publish(eventsOf(5))).rejects.toThrow(/2 entries refused: .*ThrottlingException/);
    const both = await serveBus([["1", "3"], ["1"], ["1"]], { "3": "MalformedDetail" });
    await expect(both.publish(eventsOf(5))).rejects.toThrow(
      /2 entries refused: MalformedDetail, ThrottlingException/,
    );
  });

  it("that answers HTTP 200 without a word about the entries has not taken them", async () => {
    const bus = await serveBus(["nothing", "nothing", "nothing"]);
    await expect(bus.publish(eventsOf(2))).rejects.toThrow(TransientError);
    expect(bus.sent).toEqual([
      ["0", "1"],
      ["0", "1"],
      ["0", "1"],
    ]);
  });

  it("that refuses the permission is a DeniedError", async () => {
    const { simulator, clients } = await openLab({});
    const kind = {
      code: "AccessDeniedException",
      status: 400,
      message: "not authorized to perform: events:PutEvents",
    };
    simulator.faults.add({ service: "events", times: 1, kind });
    await expect(eventBridge(clients, home).publish(eventsOf(1))).rejects.toThrow(DeniedError);
  });
});

/** A bus that refuses, call by call, the entries whose ids it is given: the simulator refuses only wrong ones, for ever. */
const serveBus = async (
  refusals: readonly (readonly string[] | "nothing")[],
  /** Why an entry is refused, by its id; default: throttling. */
  codes: Readonly<Record<string, string>> = {},
) => {
  const sent: string[][] = [];
  const at: number[] = [];
  const answer = (body: string): string => {
    const { Entries } = JSON.parse(body) as { Entries: { Detail: string }[] };
    const ids = Entries.map(({ Detail }) => (JSON.parse(Detail) as { id: string }).id);
    const refused = refusals[sent.length] ?? [];
    sent.push(ids);
    at.push(performance.now());
    if (refused === "nothing") return "{}";
    const result = (id: string) =>
      refused.includes(id)
        ? { ErrorCode: codes[id] ?? "ThrottlingException", ErrorMessage: "no" }
        : { EventId: `event-${id}` };
    return JSON.stringify({ FailedEntryCount: refused.length, Entries: ids.map(result) });
  };
  const clients = clientsOf(await serveAnswers(answer));
  return {
    sent,
    at,
    publish: (events: readonly PublishedEvent[]) => eventBridge(clients, home).publish(events),
  };
};
