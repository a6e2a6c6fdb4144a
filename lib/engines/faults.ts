import {
  ClusterBusyError,
  CopyLimitError,
  DeniedError,
  HoldfastError,
  IncompleteListingError,
  KeyRefusedError,
  KeyUnusableError,
  MissingError,
  QuotaFullError,
  RefusedError,
  SnapshotExistsError,
  SnapshotStateError,
  TransientError,
} from "../errors.ts";

/** Where a call was made, for the message. */
export interface CallPlace {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
}

/** Names the calls of a service, region by region. */
export const callsOf =
  (service: string) =>
  (region: string, operation: string): CallPlace => ({ service, operation, region });

type Raise = new (message: string, options?: ErrorOptions) => HoldfastError;

/**
 * SDK error names to ours. The JS SDK names an error by its *shape* ("SnapshotQuotaExceededFault"), not by the
 * wire code, and an unmodelled one by its code ("Throttling"): both spellings stand here where both occur.
 */
const faults: readonly (readonly [Raise, readonly string[]])[] = [
  [SnapshotExistsError, ["DBClusterSnapshotAlreadyExistsFault", "ClusterSnapshotAlreadyExistsFault"]],
  [
    MissingError,
    [
      "DBClusterNotFoundFault",
      "DBClusterSnapshotNotFoundFault",
      "DBSnapshotNotFoundFault",
      "ClusterNotFoundFault",
      "ClusterSnapshotNotFoundFault",
      "ExecutionDoesNotExist",
      "ResourceNotFoundFault",
      "StateMachineDoesNotExist",
      "NotFoundException",
    ],
  ],
  [ClusterBusyError, ["InvalidDBClusterStateFault", "InvalidClusterStateFault"]],
  [SnapshotStateError, ["InvalidDBClusterSnapshotStateFault", "InvalidClusterSnapshotStateFault"]],
  [QuotaFullError, ["SnapshotQuotaExceededFault", "ClusterSnapshotQuotaExceededFault"]],
  [KeyUnusableError, ["KMSKeyNotAccessibleFault", "DisabledException", "KMSInvalidStateException"]],
  [
    DeniedError,
    [
      "AccessDenied",
      "AccessDeniedException",
      "AuthFailure",
      "CredentialsProviderError",
      "ExpiredToken",
      "ExpiredTokenException",
      "IncompleteSignature",
      "InvalidClientTokenId",
      "InvalidSignatureException",
      "MissingAuthenticationToken",
      "NotAuthorized",
      "OptInRequired",
      "SignatureDoesNotMatch",
      "UnauthorizedOperation",
      "UnrecognizedClientException",
    ],
  ],
  [
    TransientError,
    [
      "BandwidthLimitExceeded",
      "DependentServiceRequestThrottlingFault",
      "DependentServiceUnavailableFault",
      "EC2ThrottledException",
      "LimitExceededFault",
      "PriorRequestNotComplete",
      "ProvisionedThroughputExceededException",
      "RequestLimitExceeded",
      "RequestThrottled",
      "RequestThrottledException",
      "RequestTimeout",
      "RequestTimeoutException",
      "ServiceUnavailable",
      "SlowDown",
      "Throttling",
      "ThrottlingException",
      "ThrottledException",
      "TimeoutError",
      "TooManyRequestsException",
      "TransactionInProgressException",
    ],
  ],
];

const raiseByName: ReadonlyMap<string, Raise> = new Map(
  faults.flatMap(([raise, names]) => names.map((name): [string, Raise] => [name, raise])),
);

const remedies: ReadonlyMap<Raise, string> = new Map<Raise, string>([
  [DeniedError, "; check the credentials and the permissions of the caller"],
]);

/** Calls AWS and turns whatever it throws into one of our errors, with the place in the message. */
export const ask = async <T>(place: CallPlace, call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw translateFault(place, error);
  }
};

/** Of an SDK client or command, no more than its middleware stack. */
export interface Watchable {
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: each stack is typed by its own commands
    addRelativeTo(middleware: any, options: any): void;
  };
}

/** Shows what each attempt fails with, below the SDK's retries: those that are then made once more as well. */
export const watchAttempts = (
  { middlewareStack }: Watchable,
  name: string,
  onFailure: (error: unknown) => void,
): void => {
  const watch = (next: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
    try {
      return await next(args);
    } catch (error) {
      onFailure(error);
      throw error;
    }
  };
  middlewareStack.addRelativeTo(watch, { name, relation: "after", toMiddleware: "retryMiddleware" });
};

/**
 * As `ask`, for a command that makes something. The SDK asks again where no answer came, and what AWS then refuses it may
 * have made at first: the error says so, as does one that ends in silence, or of an answer that cannot be read.
 */
export const askToMake = async <T>(
  place: CallPlace,
  command: Watchable,
  call: () => Promise<T>,
): Promise<T> => {
  let unanswered = false;
  watchAttempts(command, "holdfastAnswers", (error) => {
    unanswered ||= isUnanswered(readFault(error));
  });
  try {
    return await call();
  } catch (error) {
    const fault = translateFault(place, error);
    if (unanswered || fault instanceof IncompleteListingError) fault.unanswered = true;
    throw fault;
  }
};

/** The named error for what an SDK call threw; what is ours already passes through. */
export const translateFault = (place: CallPlace, error: unknown): HoldfastError => {
  if (error instanceof HoldfastError) return error;
  const fault = readFault(error);
  const where = `${place.service} ${place.operation} in ${place.region}`;
  if (networkCodes.has(fault.code)) {
    const message = `${where}: cannot reach AWS (${fault.code}); check the endpoint, the region's name and the network`;
    return new TransientError(message, { cause: error });
  }
  const raise = raiseByName.get(fault.name) ?? (isServerSide(fault) ? TransientError : RefusedError);
  const message = `${where}: ${fault.name}: ${unsigned(fault.message)}${remedies.get(raise) ?? ""}`;
  if (raise === QuotaFullError && place.operation === copying && !quotaWords.test(fault.message))
    return new CopyLimitError(message, copyLimitIn(fault.message), { cause: error });
  if (raise === RefusedError && place.operation === copying && keyWords.test(message))
    return new KeyRefusedError(message, { cause: error });
  return new raise(message, { cause: error });
};

/** AWS's words without a signature, should it ever repeat a pre-signed URL: messages are logged. */
const unsigned = (message: string): string =>
  message.replaceAll(/(X-Amz-(?:Credential|Security-Token|Signature))=[^&\s"'<>]+/gi, "$1=...");

/**
 * RDS answers the limit on running copies with the code of a full quota; only the message tells them apart. A full quota is
 * "Cannot create more than 100 manual snapshots" (pbudzon/aws-maintenance#12). The limit's words are known of instances'
 * snapshots only, "Cannot copy more than 5 snapshots across regions" (#19), so that whatever is not the quota's is the limit.
 */
const copying = "CopyDBClusterSnapshot";
const quotaWords = /manual/i;

/** What a copy is refused for is told by words only, whether it may not name a key or has to. */
const keyWords = /kms/i;

const copyLimitIn = (message: string): number | undefined => {
  const limit = /cannot copy more than (\d+)/i.exec(message)?.[1];
  return limit === undefined ? undefined : Number(limit);
};

const networkCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

interface Fault {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly status: number;
}

const readFault = (error: unknown): Fault => {
  const raw = (error ?? {}) as {
    name?: string;
    message?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  return {
    name: raw.name ?? "UnknownError",
    message: raw.message ?? String(error),
    code: raw.code ?? "",
    status: raw.$metadata?.httpStatusCode ?? 0,
  };
};

/** Without a status nothing came back; a server that fails may do so in the middle of the work. */
const isUnanswered = ({ status }: Fault): boolean => status === 0 || status >= 500;

// A load balancer's HTML or an empty 5xx body is a deserialisation error to the SDK: the status tells.
const isServerSide = ({ status }: Fault): boolean => status >= 500 || status === 429;
