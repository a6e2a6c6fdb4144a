/** An error as a service answers it: its code on the wire and its HTTP status. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Errors that every service can answer and no model lists, with their HTTP status. */
const commonErrors = {
  AccessDenied: 403,
  IncompleteSignature: 400,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidParameterCombination: 400,
  InvalidParameterValue: 400,
  MalformedQueryString: 404,
  MissingAction: 400,
  MissingAuthenticationToken: 403,
  MissingParameter: 400,
  RequestExpired: 400,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  // RDS throttles with 400 and this code, not with 429 or ThrottlingException.
  Throttling: 400,
  ValidationError: 400,
} as const;

export type CommonErrorCode = keyof typeof commonErrors;

/** Makes the error to throw for a code that is common to all services. */
export const commonError = (code: CommonErrorCode, message: string): AwsError =>
  new AwsError(code, commonErrors[code], message);

type ErrorTable = Readonly<Record<string, { readonly code: string; readonly status: number }>>;

/** Turns a service's error table into the function that makes its errors by shape name. */
export const faultsOf =
  <T extends ErrorTable>(table: T) =>
  (shape: keyof T & string, message: string): AwsError => {
    const entry = table[shape] as { code: string; status: number };
    return new AwsError(entry.code, entry.status, message);
  };
