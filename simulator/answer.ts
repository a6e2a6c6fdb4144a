import { type Authenticated, type AuthenticationRules, authenticate } from "./authenticate.ts";
import { type Asked, assertAllowed, questionsOf } from "./authorization.ts";
import type { createCallLog } from "./calls.ts";
import { type createFaults, errorOfFault } from "./faults.ts";
import type { Authorize } from "./iam.ts";
import { type Incoming, inputOf, operationOf, readIncoming } from "./incoming.ts";
import type { Call } from "./operation.ts";
import { verifyPresignedUrl } from "./presigned-url.ts";
import { AwsError, commonError } from "./protocol/errors.ts";
import { jsonAnswer, jsonError } from "./protocol/json.ts";
import { type Answer, queryAnswer, queryError } from "./protocol/query.ts";
import { type Random, randomUuid } from "./random.ts";
import type { createRateLimits } from "./rate-limits.ts";
import type { SimulatorRequest, SimulatorResponse } from "./request.ts";
import type { RunExecution } from "./states-records.ts";
import type { World } from "./world.ts";

interface AnswererParts {
  readonly world: World;
  readonly calls: ReturnType<typeof createCallLog>;
  readonly faults: ReturnType<typeof createFaults>;
  readonly rateLimits: ReturnType<typeof createRateLimits>;
  readonly random: Random;
  readonly authentication: AuthenticationRules;
  readonly authorize: Authorize;
  readonly runExecution: RunExecution | undefined;
}

/** How far a request got. */
interface Progress {
  readonly caller?: Authenticated;
  readonly asked?: readonly Asked[];
}

interface Attempt extends Progress {
  readonly output?: object | undefined;
  readonly error?: AwsError;
  readonly reset?: true;
}

/** Makes the function that answers requests: authenticate, look up, read, ask IAM, run, write, record. */
export const createAnswerer =
  (parts: AnswererParts) =>
  (request: SimulatorRequest): SimulatorResponse => {
    const requestId = randomUuid(parts.random);
    const incoming = readIncoming(request);
    const attempt = attemptOf(request, incoming, parts, requestId);
    const answer = write(attempt, incoming, requestId);
    record(parts, incoming, attempt, answer);
    const headers = { "content-type": answer.contentType, "x-amzn-requestid": requestId };
    return { status: answer.status, headers, body: answer.body, ...(attempt.reset ? { reset: true } : {}) };
  };

const attemptOf = (
  request: SimulatorRequest,
  incoming: Incoming,
  parts: AnswererParts,
  requestId: string,
): Attempt => {
  let progress: Progress = {};
  try {
    const caller = authenticate(request, parts.authentication);
    progress = { caller };
    const operation = operationOf(incoming);
    // A call that is throttled is so whether or not its caller may make it.
    const fault = parts.faults.take({ ...caller, operation: operation.name });
    if (fault === "reset-before") return { ...progress, reset: true };
    const failure = parts.rateLimits.take(caller) ? fault && errorOfFault(fault) : errorOfFault("throttle");
    if (failure) throw failure;
    const input = inputOf(operation, incoming);
    const call = callOf(operation.name, caller, parts, requestId);
    const asked = questionsOf(incoming, operation, { input, call });
    progress = { caller, asked };
    assertAllowed(asked, parts.authorize);
    const output = operation.run(input, call);
    return { ...progress, output, ...(fault === "reset-after" ? { reset: true } : {}) };
  } catch (error) {
    return { ...progress, error: asAwsError(error) };
  }
};

const callOf = (operation: string, caller: Authenticated, parts: AnswererParts, requestId: string): Call => ({
  operation,
  account: caller.account,
  region: caller.region,
  accessKeyId: caller.accessKeyId,
  requestId,
  now: parts.world.clock.now(),
  world: parts.world,
  store: parts.world.store(caller.region, caller.account),
  verifyPresignedUrl: (url) => verifyPresignedUrl(url, parts.authentication),
  runExecution: parts.runExecution,
});

// A mistake of the simulator itself answers 500 with its stack, so that a test's output shows where.
const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError
    ? error
    : commonError("InternalFailure", error instanceof Error ? (error.stack ?? error.message) : String(error));

const genericNamespace = "http://webservices.amazon.com/AWSFault/2005-15-09";

const write = (
  { error, output }: Attempt,
  { service, operationName }: Incoming,
  requestId: string,
): Answer => {
  const protocol = service?.protocol ?? { kind: "query", namespace: genericNamespace };
  if (protocol.kind === "json") {
    return error ? jsonError(error, protocol) : jsonAnswer(output, protocol);
  }
  const { namespace } = protocol;
  return error
    ? queryError(error, { namespace, requestId })
    : queryAnswer(output, { namespace, operation: operationName, requestId });
};

const record = (
  { world, calls }: AnswererParts,
  incoming: Incoming,
  attempt: Attempt,
  answer: Answer,
): void => {
  const code = attempt.reset ? "ConnectionReset" : answer.code;
  calls.record({
    service: incoming.serviceName,
    operation: incoming.operationName,
    region: attempt.caller?.region ?? incoming.region,
    account: attempt.caller?.account ?? "",
    accessKeyId: attempt.caller?.accessKeyId ?? "",
    permissions: attempt.asked?.map(({ permission }) => permission) ?? [],
    at: world.clock.now(),
    status: attempt.reset ? 0 : answer.status,
    ...(code !== undefined && { code }),
  });
};
