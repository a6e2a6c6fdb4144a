/** EventBridge's default bus. Calls PutEvents, which answers HTTP 200 with failures entry by entry. */
import { PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { chunk } from "../core/batch.ts";
import type { PublishedEvent } from "../core/event.ts";
import { RefusedError, TransientError } from "../errors.ts";
import type { Clients } from "./clients.ts";
import type { EventBus } from "./engine.ts";
import { ask } from "./faults.ts";

type EventClients = Pick<Clients, "eventBridge">;

/** AWS's limit for one PutEvents. */
const entriesMax = 10;
const sendsMax = 3;
/** Before the second time; as the SDK's own after throttling, and doubled. */
const pauseMs = 500;
const unsaid = "no reason given";
/** Of an entry's codes, those that AWS calls retryable (EventBridge API Reference, PutEventsResultEntry). */
const passing: ReadonlySet<string> = new Set(["InternalFailure", "ThrottlingException", unsaid]);
/** Hundreds of copies that AWS brings by itself are told in one pass. */
const callsAtOnce = 5;

export const eventBridge = (clients: EventClients, region: string): EventBus => ({
  publish: async (events) => {
    for (const calls of chunk(chunk(events.map(toEntry), entriesMax), callsAtOnce))
      await Promise.all(calls.map((entries) => publishSome(clients, region, entries)));
  },
});

/**
 * Sends again what may pass, after a pause; at least once, so consumers drop doubles by `detail.id`. What AWS refuses for
 * ever fails the call once the rest is taken.
 */
const publishSome = async (
  clients: EventClients,
  region: string,
  entries: readonly PutEventsRequestEntry[],
): Promise<void> => {
  const lost: string[] = [];
  let left = entries;
  for (let send = 1; left.length > 0; send += 1) {
    const refused = await sendOnce(clients, region, left);
    const again = refused.filter(({ code }) => passing.has(code));
    lost.push(...refused.filter((one) => !again.includes(one)).map(({ code }) => code));
    if (again.length > 0 && send >= sendsMax)
      throw new TransientError(refusal(region, [...lost, ...again.map(({ code }) => code)]));
    left = again.map(({ entry }) => entry);
    if (left.length > 0) await pause(pauseMs * 2 ** (send - 1));
  }
  if (lost.length > 0) throw new RefusedError(refusal(region, lost));
};

/** The entries that were not taken, with AWS's code: those without an id, also where the answer says nothing about them. */
const sendOnce = async (
  clients: EventClients,
  region: string,
  entries: readonly PutEventsRequestEntry[],
): Promise<readonly { readonly entry: PutEventsRequestEntry; readonly code: string }[]> => {
  const command = new PutEventsCommand({ Entries: [...entries] });
  const answer = await ask({ service: "events", operation: "PutEvents", region }, () =>
    clients.eventBridge().send(command),
  );
  return entries.flatMap((entry, index) => {
    const told = answer.Entries?.[index];
    return told?.EventId === undefined ? [{ entry, code: told?.ErrorCode ?? unsaid }] : [];
  });
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** With a code for each entry that was not taken. */
const refusal = (region: string, codes: readonly string[]): string => {
  const entries = codes.length === 1 ? "1 entry" : `${codes.length} entries`;
  return `events PutEvents in ${region}: ${entries} refused: ${[...new Set(codes)].join(", ")}`;
};

const toEntry = ({ type, time, resources, detail }: PublishedEvent): PutEventsRequestEntry => ({
  Source: "holdfast",
  DetailType: type,
  Time: new Date(time),
  Resources: [...resources],
  Detail: JSON.stringify(detail),
});
