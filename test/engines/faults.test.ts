import { expect, it } from "vitest";
import { translateFault } from "../../lib/engines/faults.ts";
import {
  CopyLimitError,
  DeniedError,
  KeyRefusedError,
  KeyUnusableError,
  QuotaFullError,
  RefusedError,
  TransientError,
} from "../../lib/errors.ts";

const place = { service: "rds", operation: "CopyDBClusterSnapshot", region: "eu-west-1" };

it.each([
  ...["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "EHOSTUNREACH"],
  ...["ENETUNREACH", "ENOTFOUND", "EPIPE", "ETIMEDOUT"],
])("a network that fails with %s may be there again with the next try", (code) => {
  const fault = translateFault(place, Object.assign(new Error("socket"), { code }));
  expect(fault).toBeInstanceOf(TransientError);
  expect(fault.message).toContain(`cannot reach AWS (${code})`);
});

it.each([
  [429, TransientError],
  [500, TransientError],
  [503, TransientError],
  [400, RefusedError],
])("what is answered with status %i and a word that nobody knows is %o", (httpStatusCode, kind) => {
  const answer = { name: "OfANewName", message: "not now", $metadata: { httpStatusCode } };
  expect(translateFault(place, answer)).toBeInstanceOf(kind);
});

it("a signature that AWS echoes in its words is not passed on: whoever reads the log could use it", () => {
  const echoed =
    "PreSignedurl https://rds.us-east-1.amazonaws.com/?Action=CopyDBClusterSnapshot&X-Amz-Credential=AKIA%2F1" +
    "&X-Amz-Security-Token=FwoG&X-Amz-Signature=0123abcd is wrong";
  const { message } = translateFault(place, { name: "InvalidParameterValue", message: echoed });
  expect(message).toContain("Action=CopyDBClusterSnapshot");
  expect(message).not.toMatch(/AKIA|FwoG|0123abcd/);
  expect(message).toMatch(/is wrong$/);
});

it.each([
  ["KMS key must be specified", "CopyDBClusterSnapshot", KeyRefusedError],
  ["KmsKeyId cannot be specified for an unencrypted source", "CopyDBClusterSnapshot", KeyRefusedError],
  ["the tags are wrong", "CopyDBClusterSnapshot", RefusedError],
  ["KMS key must be specified", "CreateDBClusterSnapshot", RefusedError],
])("'%s' to %s is by its class what a step can tell it by", (message, operation, raised) => {
  const fault = translateFault({ ...place, operation }, { name: "InvalidParameterCombination", message });
  expect(fault.constructor).toBe(raised);
});

it.each([5, 20])("a limit of %i running copies is read whole", (limit) => {
  const message = `Cannot copy more than ${limit} snapshots across regions`;
  const fault = translateFault(place, { name: "SnapshotQuotaExceededFault", message });
  expect(fault).toBeInstanceOf(CopyLimitError);
  expect(fault).toMatchObject({ limit });
});

it("a full quota in unknown words is no limit on copies where nothing is copied", () => {
  const creating = { ...place, operation: "CreateDBClusterSnapshot" };
  const fault = translateFault(creating, { name: "SnapshotQuotaExceededFault", message: "Too many." });
  expect(fault.constructor).toBe(QuotaFullError);
});

/** What AWS says of itself, of who asks and of keys: a word that is missing would be refused for good, or judge a key. */
it.each([
  ["BandwidthLimitExceeded", TransientError],
  ["DependentServiceRequestThrottlingFault", TransientError],
  ["DependentServiceUnavailableFault", TransientError],
  ["EC2ThrottledException", TransientError],
  ["LimitExceededFault", TransientError],
  ["PriorRequestNotComplete", TransientError],
  ["ProvisionedThroughputExceededException", TransientError],
  ["RequestLimitExceeded", TransientError],
  ["RequestThrottled", TransientError],
  ["RequestThrottledException", TransientError],
  ["RequestTimeout", TransientError],
  ["RequestTimeoutException", TransientError],
  ["ServiceUnavailable", TransientError],
  ["SlowDown", TransientError],
  ["ThrottledException", TransientError],
  ["Throttling", TransientError],
  ["ThrottlingException", TransientError],
  ["TimeoutError", TransientError],
  ["TooManyRequestsException", TransientError],
  ["TransactionInProgressException", TransientError],
  ["AccessDenied", DeniedError],
  ["AccessDeniedException", DeniedError],
  ["AuthFailure", DeniedError],
  ["CredentialsProviderError", DeniedError],
  ["ExpiredToken", DeniedError],
  ["ExpiredTokenException", DeniedError],
  ["IncompleteSignature", DeniedError],
  ["InvalidClientTokenId", DeniedError],
  ["InvalidSignatureException", DeniedError],
  ["MissingAuthenticationToken", DeniedError],
  ["NotAuthorized", DeniedError],
  ["OptInRequired", DeniedError],
  ["SignatureDoesNotMatch", DeniedError],
  ["UnauthorizedOperation", DeniedError],
  ["UnrecognizedClientException", DeniedError],
  ["KMSInvalidStateException", KeyUnusableError],
  ["DisabledException", KeyUnusableError],
  ["KMSKeyNotAccessibleFault", KeyUnusableError],
])("%s is %o", (name, kind) => {
  const fault = translateFault(place, { name, message: "no", $metadata: { httpStatusCode: 400 } });
  expect(fault.constructor).toBe(kind);
});
