import type { AwsError } from "./errors.ts";
import type { Answer } from "./query.ts";

/** Wherein the services that speak JSON differ. */
export interface JsonDialect {
  /** Default: 1.1. */
  readonly jsonVersion?: "1.0";
  /** What its errors call their words; most services write `message`. */
  readonly errorWords?: "Message";
}

const contentTypeOf = ({ jsonVersion }: JsonDialect): string =>
  `application/x-amz-json-${jsonVersion ?? "1.1"}`;

export const jsonAnswer = (output: object | undefined, dialect: JsonDialect): Answer => ({
  status: 200,
  contentType: contentTypeOf(dialect),
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

export const jsonError = (error: AwsError, dialect: JsonDialect): Answer => {
  const { type, status } = jsonNames[error.code] ?? { type: error.code, status: error.status };
  return {
    status,
    code: type,
    contentType: contentTypeOf(dialect),
    body: JSON.stringify({ __type: type, [dialect.errorWords ?? "message"]: error.message }),
  };
};

// JSON.stringify has already called toJSON when a replacer sees a date, so the holder is asked instead.
function datesAsSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}
