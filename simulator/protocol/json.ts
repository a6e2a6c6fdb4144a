import type { AwsError } from "./errors.ts";
import type { Answer } from "./query.ts";

export const jsonAnswer = (output: object | undefined): Answer => ({
  status: 200,
  contentType: "application/x-amz-json-1.1",
  body: output === undefined ? "" : JSON.stringify(output, datesAsSeconds),
});

// JSON services name the common errors differently, and answer them with other statuses.
const jsonNames: Record<string, { type: string; status: number }> = {
  AccessDenied: { type: "AccessDeniedException", status: 400 },
  IncompleteSignature: { type: "IncompleteSignatureException", status: 400 },
  InvalidAction: { type: "UnknownOperationException", status: 400 },
  InvalidClientTokenId: { type: "UnrecognizedClientException", status: 400 },
  MissingAuthenticationToken: { type: "MissingAuthenticationTokenException", status: 400 },
  MissingParameter: { type: "ValidationException", status: 400 },
  RequestExpired: { type: "RequestExpired", status: 400 },
  ServiceUnavailable: { type: "ServiceUnavailableException", status: 503 },
  SignatureDoesNotMatch: { type: "InvalidSignatureException", status: 400 },
  Throttling: { type: "ThrottlingException", status: 400 },
  ValidationError: { type: "ValidationException", status: 400 },
};

export const jsonError = (error: AwsError, words = "message"): Answer => {
  const { type, status } = jsonNames[error.code] ?? { type: error.code, status: error.status };
  return {
    status,
    code: type,
    contentType: "application/x-amz-json-1.1",
    body: JSON.stringify({ __type: type, [words]: error.message }),
  };
};

// JSON.stringify has already called toJSON when a replacer sees a date, so the holder is asked instead.
function datesAsSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}
