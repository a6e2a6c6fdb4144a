import { defineOperation } from "../operation.ts";
import { commonError } from "../protocol/errors.ts";
import { boolean, integer, required, text } from "../protocol/shape.ts";
import { statesFault } from "./errors.ts";
import { historyOf } from "./history.ts";
import { findExecution, questionsOn } from "./lookup.ts";

export const operation = defineOperation({
  name: "GetExecutionHistory",
  input: { executionArn: required(text), maxResults: integer, reverseOrder: boolean, nextToken: text },
  permissions: ({ executionArn }) => questionsOn(executionArn),
  run: ({ executionArn, maxResults = 0, reverseOrder = false, nextToken }, call) => {
    const size = sizeOf(maxResults);
    const history = historyOf(findExecution(call, executionArn));
    const listing = `${executionArn} ${reverseOrder}`;
    const listed = reverseOrder ? history.toReversed() : history;
    // A place is enough: while an execution runs, its history is too short for a second page.
    const start = nextToken === undefined ? 0 : readToken(listing, nextToken);
    const more = start + size < listed.length;
    return {
      events: listed.slice(start, start + size),
      ...(more && { nextToken: writeToken(listing, start + size) }),
    };
  },
});

const sizeDefault = 100;
const sizeMax = 1000;

// Documented: 0 means the default.
const sizeOf = (given: number): number => {
  if (given >= 0 && given <= sizeMax) return given || sizeDefault;
  const limit = given < 0 ? "greater than or equal to 0" : `less than or equal to ${sizeMax}`;
  throw commonError(
    "ValidationError",
    `1 validation error detected: Value '${given}' at 'maxResults' failed to satisfy constraint: Member must have value ${limit}`,
  );
};

// AWS's tokens expire after 24 hours. These do not: virtual hours may last a blink for the caller.
const writeToken = (listing: string, start: number): string =>
  Buffer.from(JSON.stringify([listing, start])).toString("base64");

const readToken = (listing: string, token: string): number => {
  const [, named, start] = /^\["(.+)",(\d+)\]$/.exec(Buffer.from(token, "base64").toString()) ?? [];
  if (named === listing && start !== undefined) return Number(start);
  throw statesFault("InvalidToken", "Invalid Token: 'Invalid token'");
};
