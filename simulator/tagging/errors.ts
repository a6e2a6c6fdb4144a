import { faultsOf } from "../protocol/errors.ts";

// Every error the Resource Groups Tagging API models: shape name, code on the wire, HTTP status. The three often differ
// (SnapshotQuotaExceededFault travels as SnapshotQuotaExceeded), so nothing here is derived by rule.
export const taggingErrors = {
  ConcurrentModificationException: { code: "ConcurrentModificationException", status: 400 },
  ConstraintViolationException: { code: "ConstraintViolationException", status: 400 },
  InternalServiceException: { code: "InternalServiceException", status: 500 },
  InvalidParameterException: { code: "InvalidParameterException", status: 400 },
  PaginationTokenExpiredException: { code: "PaginationTokenExpiredException", status: 400 },
  ThrottledException: { code: "ThrottledException", status: 400 },
} as const;

/** Makes the error to throw for a modelled fault, named by its shape. */
export const taggingFault = faultsOf(taggingErrors);
