// Every error the EventBridge models: shape name, code on the wire, HTTP status. The three often differ
// (SnapshotQuotaExceededFault travels as SnapshotQuotaExceeded), so nothing here is derived by rule.
export const eventsErrors = {
  AccessDeniedException: { code: "AccessDeniedException", status: 400 },
  ConcurrentModificationException: { code: "ConcurrentModificationException", status: 400 },
  IllegalStatusException: { code: "IllegalStatusException", status: 400 },
  InternalException: { code: "InternalException", status: 500 },
  InvalidEventPatternException: { code: "InvalidEventPatternException", status: 400 },
  InvalidStateException: { code: "InvalidStateException", status: 400 },
  LimitExceededException: { code: "LimitExceededException", status: 400 },
  ManagedRuleException: { code: "ManagedRuleException", status: 400 },
  OperationDisabledException: { code: "OperationDisabledException", status: 400 },
  PolicyLengthExceededException: { code: "PolicyLengthExceededException", status: 400 },
  ResourceAlreadyExistsException: { code: "ResourceAlreadyExistsException", status: 400 },
  ResourceNotFoundException: { code: "ResourceNotFoundException", status: 400 },
  ThrottlingException: { code: "ThrottlingException", status: 400 },
} as const;
