import { formPairs, type SimulatorRequest } from "../../simulator/request.ts";

/** What a request asks for, where, and the name of what it would make. */
export interface Subject {
  readonly operation: string;
  /** As the signature's scope names it, like the service. */
  readonly region: string;
  readonly service: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly target?: string;
}

const subjects = new WeakMap<SimulatorRequest, Subject>();

/** Read once of each request, though asked on its way out, there, and on its way back. */
export const subjectOf = (request: SimulatorRequest): Subject => {
  const subject = subjects.get(request) ?? readSubject(request);
  subjects.set(request, subject);
  return subject;
};

const readSubject = ({ body, headers }: SimulatorRequest): Subject => {
  const parameters = new Map(formPairs(body));
  const operation = parameters.get("Action") ?? headers["x-amz-target"]?.split(".")[1] ?? "";
  const [, region = "", service = ""] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
  const target = /^(Create|Copy)/.test(operation) ? nameIn(parameters) : undefined;
  return { operation, region, service, parameters, ...(target && { target }) };
};

const names = ["TargetDBClusterSnapshotIdentifier", "DBClusterSnapshotIdentifier", "SnapshotIdentifier"];

const nameIn = (parameters: ReadonlyMap<string, string>): string | undefined =>
  names.map((name) => parameters.get(name)).find((name) => name !== undefined);
