/** EventBridge's default bus. Calls PutEvents, which answers HTTP 200 with failures entry by entry. */
import { PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { chunk } from "../core/batch.ts";
import type { PublishedEvent } from "../core/event.ts";
import { TransientError } from "../errors.ts";
import type { Clients } from "./clients.ts";
import type { EventBus } from "./engine.ts";
import { ask } from "./faults.ts";

type EventClients = Pick<Clients, "eventBridge">;

/** AWS's limit for one PutEvents. */
const entriesMax = 10;
const sendsMax = 3;
/** Hundreds of copies that AWS brings by itself are told in one pass. */
const callsAtOnce = 5;

export const eventBridge = (clients: EventClients, region: string): EventBus => ({
  publish: async (events) => {
    for (const calls of chunk(chunk(events.map(toEntry), entriesMax), callsAtOnce))
      await Promise.all(calls.map((entries) => publishSome(clients, region, entries)));
  },
});

/** Sends what was refused again; at least once, so consumers drop doubles by `detail.id`. */
const publishSome = async (
  clients: EventClients,
  region: string,
  entries: readonly PutEventsRequestEntry[],
): Promise<void> => {
  let left = entries;
  for (let send = 1; left.length > 0; send += 1) {
    const command = new PutEventsCommand({ Entries: [...left] });
    const answer = await ask({ service: "events", operation: "PutEvents", region }, () =>
      clients.eventBridge().send(command),
    );
    // What has no id was not taken, also where the answer says nothing about it at all.
    // The SDK hands on what JSON holds, of whatever type it is.
    const taken = Array.isArray(answer.Entries) ? answer.Entries : [];
    left = left.filter((_, index) => taken[index]?.EventId === undefined);
    if (left.length > 0 && send >= sendsMax) {
      const codes = new Set(taken.flatMap((entry) => entry?.ErrorCode ?? []));
      const why = [...codes].join(", ") || "no reason given";
      throw new TransientError(`events PutEvents in ${region}: ${left.length} entries refused: ${why}`);
    }
  }
};

const toEntry = ({ type, time, resources, detail }: PublishedEvent): PutEventsRequestEntry => ({
  Source: "holdfast",
  DetailType: type,
  Time: new Date(time),
  Resources: [...resources],
  Detail: JSON.stringify(detail),
});
