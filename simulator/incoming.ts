import { claimedScope } from "./authenticate.ts";
import type { Operation, Service } from "./operation.ts";
import { commonError } from "./protocol/errors.ts";
import { readJson } from "./protocol/read-json.ts";
import { readQuery } from "./protocol/read-query.ts";
import { formPairs, queryPairs, type SimulatorRequest } from "./request.ts";
import { services } from "./services.ts";

/** What a request asks for, as far as can be told before it is known to be genuine. */
export interface Incoming {
  /** Undefined where the request names no service that is simulated. */
  readonly service: Service | undefined;
  readonly serviceName: string;
  readonly region: string;
  /** The name as sent; empty where there is none. */
  readonly operationName: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly body: string;
}

export const readIncoming = (request: SimulatorRequest): Incoming => {
  const scope = claimedScope(request);
  const parameters = new Map([...queryPairs(request.target), ...formParameters(request)]);
  const target = request.headers["x-amz-target"];
  const service =
    services.get(scope?.service ?? "") ?? serviceOfTarget(target) ?? serviceOfVersion(parameters);
  return {
    service,
    serviceName: service?.signingName ?? scope?.service ?? "unknown",
    region: scope?.region ?? "",
    operationName: target?.split(".")[1] ?? parameters.get("Action") ?? "",
    parameters,
    body: request.body,
  };
};

/** The operation asked for; throws InvalidAction in AWS's words where there is none of that name. */
export const operationOf = ({ service, operationName, parameters }: Incoming): Operation => {
  if (operationName === "") throw commonError("MissingAction", "The request is missing an action.");
  const version = parameters.get("Version") ?? service?.version ?? "";
  const found = version === service?.version ? service.operations.get(operationName) : undefined;
  if (found) return found;
  throw commonError("InvalidAction", `Could not find operation ${operationName} for version ${version}`);
};

export const inputOf = (operation: Operation, incoming: Incoming) =>
  incoming.service?.protocol.kind === "json"
    ? readJson(operation.input, incoming.body)
    : readQuery(operation.input, incoming.parameters);

const formParameters = (request: SimulatorRequest) =>
  request.method === "POST" && request.headers["x-amz-target"] === undefined ? formPairs(request.body) : [];

const serviceOfTarget = (target: string | undefined): Service | undefined =>
  [...services.values()].find(
    ({ protocol }) => protocol.kind === "json" && target?.startsWith(`${protocol.target}.`),
  );

// An unsigned request names no service; its API version tells in which service's words to refuse it.
const serviceOfVersion = (parameters: ReadonlyMap<string, string>): Service | undefined =>
  [...services.values()].find(({ version }) => version === parameters.get("Version"));
