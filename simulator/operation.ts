import type { Question } from "./iam.ts";
import type { JsonDialect } from "./protocol/json.ts";
import type { Members, ReadMembers } from "./protocol/shape.ts";
import type { RunExecution } from "./states-records.ts";
import type { RegionStore, World } from "./world.ts";

/** What an operation knows of the request besides its input. */
export interface Call {
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly requestId: string;
  /** Virtual time. */
  readonly now: Date;
  readonly world: World;
  /** The caller's account in the called region. */
  readonly store: RegionStore;
  /**
   * Checks a URL signed in advance and answers what it asks for.
   * Throws where the signature is wrong or the URL has expired.
   */
  verifyPresignedUrl(url: string): PresignedRequest;
  /** Carries out the executions of state machines; whoever started the simulator may have given it none. */
  readonly runExecution: RunExecution | undefined;
}

export interface PresignedRequest {
  readonly service: string;
  readonly region: string;
  /** Whose signature it is; not necessarily the caller's. */
  readonly account: string;
  readonly accessKeyId: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * One operation of a service. `run` answers its result (lists wrapped in `elements`), `undefined` for an
 * operation without a result element, or throws an AwsError.
 */
export interface Operation<M extends Members = Members> {
  readonly name: string;
  readonly input: M;
  /**
   * What IAM must allow before `run` is called, asked in this order. Nothing is known to exist yet, and what does
   * not is `run`'s to refuse, so this never throws. Default: the operation itself, on `*`.
   */
  permissions?(input: ReadMembers<M>, call: Call): readonly Question[];
  run(input: ReadMembers<M>, call: Call): object | undefined;
}

/** Binds the type of `run`'s input to the shapes given as `input`. */
export const defineOperation = <M extends Members>(operation: Operation<M>): Operation =>
  operation as unknown as Operation;

/** A service as requests reach it. */
export interface Service {
  /** As in the credential scope, which is what routes a request. */
  readonly signingName: string;
  /** What its IAM actions begin with; default: the signing name. */
  readonly iamPrefix?: string;
  readonly protocol:
    | { readonly kind: "query"; readonly namespace: string }
    | ({ readonly kind: "json"; readonly target: string } & JsonDialect);
  readonly version: string;
  readonly operations: ReadonlyMap<string, Operation>;
}

export const operationTable = (operations: readonly Operation[]): ReadonlyMap<string, Operation> =>
  new Map(operations.map((operation) => [operation.name, operation]));
