/**
 * The errors that Holdfast raises. The `name`s are an interface: the state machine's Retry matches them,
 * people read them in execution histories, and a test holds the definition and this file equal. They are
 * literals because bundlers rename classes.
 */
export class HoldfastError extends Error {
  override readonly name: string = "HoldfastError";
  /** Of a call that makes something: AWS did not answer an attempt of it, and may have made it. */
  unanswered?: true;
}

/** Throttled, unavailable, unreachable or timed out: the same call may succeed later. */
export class TransientError extends HoldfastError {
  override readonly name = "TransientError";
}

/** Credentials or permissions were refused. */
export class DeniedError extends HoldfastError {
  override readonly name = "DeniedError";
}

/** AWS refused the request for a reason that no retry mends. */
export class RefusedError extends HoldfastError {
  override readonly name: string = "RefusedError";
}

/** AWS refused a copy for the KMS key that it names, or for naming none. */
export class KeyRefusedError extends RefusedError {
  override readonly name = "KeyRefusedError";
}

/** The cluster is not in a state to be snapshotted just now. */
export class ClusterBusyError extends HoldfastError {
  override readonly name = "ClusterBusyError";
}

/** The cluster or snapshot that the call names is not there. */
export class MissingError extends HoldfastError {
  override readonly name = "MissingError";
}

/** A snapshot of that name is there already, whoever made it. */
export class SnapshotExistsError extends HoldfastError {
  override readonly name = "SnapshotExistsError";
}

/** The snapshot is not in a state that allows the call. */
export class SnapshotStateError extends HoldfastError {
  override readonly name = "SnapshotStateError";
}

/** The quota of manual snapshots is full. */
export class QuotaFullError extends HoldfastError {
  override readonly name = "QuotaFullError";
}

/** As many copies run into the destination as AWS allows: back-pressure, not a failure. */
export class CopyLimitError extends HoldfastError {
  override readonly name = "CopyLimitError";
  /** As AWS's words have it; `undefined` where they tell none. */
  readonly limit: number | undefined;
  constructor(message: string, limit: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.limit = limit;
  }
}

/** The KMS key is missing, disabled or not ours to use. */
export class KeyUnusableError extends HoldfastError {
  override readonly name = "KeyUnusableError";
}

/** A listing ended in a way that leaves doubt whether it was whole. */
export class IncompleteListingError extends HoldfastError {
  override readonly name = "IncompleteListingError";
}

/** Whether AWS did not answer, or not with all: that refuses nothing, and asked again it may. */
export const mayPass = (error: unknown): error is TransientError | IncompleteListingError =>
  error instanceof TransientError || error instanceof IncompleteListingError;

/** A function was called with an event that its schema refuses, or that cannot be meant. */
export class InvalidEventError extends HoldfastError {
  override readonly name = "InvalidEventError";
}

/** The event names a plan that holdfast.yml does not have. */
export class UnknownPlanError extends HoldfastError {
  override readonly name = "UnknownPlanError";
}

/** holdfast.yml is missing or wrong; the message lists every mistake with its place. */
export class ConfigError extends HoldfastError {
  override readonly name = "ConfigError";
}

/** The plan selects more clusters than a state's payload can carry. */
export class FleetTooLargeError extends HoldfastError {
  override readonly name = "FleetTooLargeError";
}

/** Our own mistake: an assertion about something dangerous did not hold, and nothing was done. */
export class BrokenInvariantError extends HoldfastError {
  override readonly name = "BrokenInvariantError";
}
