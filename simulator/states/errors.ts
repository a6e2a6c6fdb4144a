import { faultsOf } from "../protocol/errors.ts";

// Every error that Step Functions models: shape name, code on the wire, HTTP status. Where the model gives another
// status (ConflictException 409), the API reference says 400 all the same: JSON services answer every client fault so.
export const statesErrors = {
  ActivityAlreadyExists: { code: "ActivityAlreadyExists", status: 400 },
  ActivityDoesNotExist: { code: "ActivityDoesNotExist", status: 400 },
  ActivityLimitExceeded: { code: "ActivityLimitExceeded", status: 400 },
  ActivityWorkerLimitExceeded: { code: "ActivityWorkerLimitExceeded", status: 400 },
  ConflictException: { code: "ConflictException", status: 400 },
  ExecutionAlreadyExists: { code: "ExecutionAlreadyExists", status: 400 },
  ExecutionDoesNotExist: { code: "ExecutionDoesNotExist", status: 400 },
  ExecutionLimitExceeded: { code: "ExecutionLimitExceeded", status: 400 },
  ExecutionNotRedrivable: { code: "ExecutionNotRedrivable", status: 400 },
  InvalidArn: { code: "InvalidArn", status: 400 },
  InvalidDefinition: { code: "InvalidDefinition", status: 400 },
  InvalidEncryptionConfiguration: { code: "InvalidEncryptionConfiguration", status: 400 },
  InvalidExecutionInput: { code: "InvalidExecutionInput", status: 400 },
  InvalidLoggingConfiguration: { code: "InvalidLoggingConfiguration", status: 400 },
  InvalidName: { code: "InvalidName", status: 400 },
  InvalidOutput: { code: "InvalidOutput", status: 400 },
  InvalidToken: { code: "InvalidToken", status: 400 },
  InvalidTracingConfiguration: { code: "InvalidTracingConfiguration", status: 400 },
  KmsAccessDeniedException: { code: "KmsAccessDeniedException", status: 400 },
  KmsInvalidStateException: { code: "KmsInvalidStateException", status: 400 },
  KmsThrottlingException: { code: "KmsThrottlingException", status: 400 },
  MissingRequiredParameter: { code: "MissingRequiredParameter", status: 400 },
  ResourceNotFound: { code: "ResourceNotFound", status: 400 },
  ServiceQuotaExceededException: { code: "ServiceQuotaExceededException", status: 400 },
  StateMachineAlreadyExists: { code: "StateMachineAlreadyExists", status: 400 },
  StateMachineDeleting: { code: "StateMachineDeleting", status: 400 },
  StateMachineDoesNotExist: { code: "StateMachineDoesNotExist", status: 400 },
  StateMachineLimitExceeded: { code: "StateMachineLimitExceeded", status: 400 },
  StateMachineTypeNotSupported: { code: "StateMachineTypeNotSupported", status: 400 },
  TaskDoesNotExist: { code: "TaskDoesNotExist", status: 400 },
  TaskTimedOut: { code: "TaskTimedOut", status: 400 },
  TooManyTags: { code: "TooManyTags", status: 400 },
  ValidationException: { code: "ValidationException", status: 400 },
} as const;

/** Makes the error to throw for a modelled fault, named by its shape. */
export const statesFault = faultsOf(statesErrors);
