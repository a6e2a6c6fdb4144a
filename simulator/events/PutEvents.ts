import { type Call, defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { list, type Read, required, structure, text, timestamp } from "../protocol/shape.ts";
import { stableUuid } from "../stable-id.ts";
import { putQuestions } from "./put-questions.ts";

const entry = structure({
  Time: timestamp,
  Source: text,
  Resources: list("member", text),
  DetailType: text,
  Detail: text,
  EventBusName: text,
  TraceHeader: text,
});
type Entry = Read<typeof entry>;

type Result = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/**
 * Takes events. An entry that is wrong fails alone, inside an answer of status 200. The model says that a
 * request without a single complete entry fails as a whole, but not with which code; it is answered per
 * entry here too. AWS answers success for a bus that does not exist, and so does this.
 */
export const operation = defineOperation({
  name: "PutEvents",
  input: { Entries: required(list("member", entry)), EndpointId: text },
  permissions: ({ Entries }, { store }) => putQuestions(store, Entries),
  run: ({ Entries }, call) => {
    assertNumber(Entries.length);
    assertSize(Entries);
    const results = Entries.map((given, index) => put(call, given, index));
    return {
      FailedEntryCount: results.filter((result) => "ErrorCode" in result).length,
      Entries: results,
    };
  },
});

const put = ({ store, requestId, now }: Call, given: Entry, index: number): Result => {
  const refusal = refusalOf(given);
  if (refusal) return refusal;
  const id = stableUuid(requestId, String(index));
  store.events.push({
    at: given.Time ?? now,
    id,
    bus: given.EventBusName ?? "default",
    source: given.Source ?? "",
    detailType: given.DetailType ?? "",
    detail: parseObject(given.Detail ?? ""),
    resources: given.Resources ?? [],
  });
  return { EventId: id };
};

const refusalOf = (given: Entry): Result | undefined => {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (!given[name]) {
      const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
      return { ErrorCode: "InvalidArgument", ErrorMessage };
    }
  }
  if (given.Source?.startsWith("aws.")) {
    return { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." };
  }
  if (parseObject(given.Detail ?? "") === undefined) {
    return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  }
  return undefined;
};

const parseObject = (json: string): object | undefined => {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const entriesMax = 10;
// 1 MiB since January 2026; 256 KiB before.
const bytesMax = 1024 * 1024;

const assertNumber = (length: number): void => {
  if (length >= 1 && length <= entriesMax) return;
  const limit = length < 1 ? "greater than or equal to 1" : `less than or equal to ${entriesMax}`;
  throw commonError(
    "ValidationError",
    `1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to satisfy constraint: Member must have length ${limit}`,
  );
};

const assertSize = (entries: readonly Entry[]): void => {
  if (entries.reduce((sum, given) => sum + bytesOf(given), 0) <= bytesMax) return;
  throw commonError("ValidationError", "Total size of the entries in the request is over the limit.");
};

// As the user guide counts: 14 bytes for a time, and the UTF-8 bytes of the rest.
const bytesOf = ({ Time, Source, DetailType, Detail, Resources }: Entry): number =>
  (Time ? 14 : 0) +
  [Source, DetailType, Detail, ...(Resources ?? [])].reduce(
    (sum, part) => sum + Buffer.byteLength(part ?? ""),
    0,
  );
