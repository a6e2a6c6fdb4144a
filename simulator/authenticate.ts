import { commonError } from "./protocol/errors.ts";
import { type Pair, pathOf, queryPairs, type SimulatorRequest } from "./request.ts";
import {
  algorithm,
  type CredentialScope,
  computeSignature,
  parseAmzDate,
  parseCredential,
  type Signable,
  sameSignature,
  sha256,
} from "./sigv4.ts";
import type { Account } from "./world.ts";

export interface Authenticated {
  readonly account: string;
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

export interface AuthenticationRules {
  readonly accounts: ReadonlyMap<string, Account>;
  /** `wall`: requests signed more than 15 minutes from now, and pre-signed ones past their time, are refused. */
  readonly checkRequestDates: "off" | "wall";
  /** The callers' clock, not the simulator's: SDKs sign with real time. */
  readonly wallNow: () => Date;
}

/** A signature as it came, from the header or from the query string. */
interface Claim {
  readonly scope: CredentialScope;
  readonly amzDate: string;
  readonly signature: string;
  readonly signable: Signable;
  /** Set on pre-signed requests. */
  readonly expiresSeconds?: number;
}

/** Verifies who sent a request, by header or by query string, as the services do. */
export const authenticate = (request: SimulatorRequest, rules: AuthenticationRules): Authenticated => {
  const claim = claimOf(request);
  const account = rules.accounts.get(claim.scope.accessKeyId);
  if (!account) {
    throw commonError("InvalidClientTokenId", "The security token included in the request is invalid.");
  }
  if (rules.checkRequestDates === "wall") assertInTime(claim, rules.wallNow());
  assertSigned(claim, account);
  const { accessKeyId, region, service } = claim.scope;
  return { account: account.id, accessKeyId, region, service };
};

/** The service a request claims to be for; undefined where it is not signed at all. */
export const claimedScope = (request: SimulatorRequest): CredentialScope | undefined => {
  const inQuery = queryPairs(request.target).find(([name]) => name === "X-Amz-Credential")?.[1];
  const inHeader = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1];
  return parseCredential(inQuery ?? inHeader ?? "");
};

const claimOf = (request: SimulatorRequest): Claim => {
  const query = queryPairs(request.target);
  if (query.some(([name]) => name === "X-Amz-Signature")) return queryClaim(request, query);
  if (request.headers.authorization) return headerClaim(request, query);
  throw commonError("MissingAuthenticationToken", "Request is missing Authentication Token");
};

const headerClaim = (request: SimulatorRequest, query: readonly Pair[]): Claim => {
  const header = request.headers.authorization ?? "";
  const part = (name: string) => new RegExp(`(?:^|[\\s,])${name}=([^,\\s]+)`).exec(header)?.[1];
  const scope = parseCredential(part("Credential") ?? "");
  const signature = part("Signature");
  const signedHeaders = part("SignedHeaders");
  const amzDate = request.headers["x-amz-date"];
  if (!header.startsWith(algorithm) || !scope || !signature || !signedHeaders || !amzDate) {
    throw commonError(
      "IncompleteSignature",
      `Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${header.split(" ")[0]}`,
    );
  }
  const signable = signableOf(request, query, signedHeaders, payloadHash(request));
  return { scope, amzDate, signature, signable };
};

const queryClaim = (request: SimulatorRequest, query: readonly Pair[]): Claim => {
  const value = (name: string) => query.find(([held]) => held === name)?.[1];
  const scope = parseCredential(value("X-Amz-Credential") ?? "");
  const signature = value("X-Amz-Signature");
  const signedHeaders = value("X-Amz-SignedHeaders");
  const amzDate = value("X-Amz-Date");
  if (value("X-Amz-Algorithm") !== algorithm || !scope || !signature || !signedHeaders || !amzDate) {
    throw commonError(
      "IncompleteSignature",
      "AWS query-string parameters must include X-Amz-Algorithm, X-Amz-Credential, X-Amz-Date, X-Amz-SignedHeaders and X-Amz-Signature.",
    );
  }
  const unsigned = query.filter(([name]) => name !== "X-Amz-Signature");
  const signable = signableOf(request, unsigned, signedHeaders, payloadHash(request));
  return { scope, amzDate, signature, signable, expiresSeconds: Number(value("X-Amz-Expires") ?? 900) };
};

const signableOf = (
  request: SimulatorRequest,
  query: readonly Pair[],
  signedHeaders: string,
  hash: string,
): Signable => ({
  method: request.method,
  path: pathOf(request.target),
  query,
  headers: request.headers,
  signedHeaders: signedHeaders.split(";"),
  payloadHash: hash,
});

// Hashed here whatever x-amz-content-sha256 says: a header that disagrees with the body must not pass.
const payloadHash = (request: SimulatorRequest): string =>
  request.headers["x-amz-content-sha256"] === "UNSIGNED-PAYLOAD" ? "UNSIGNED-PAYLOAD" : sha256(request.body);

const skewMillisecondsMax = 15 * 60 * 1000;

const assertInTime = ({ amzDate, expiresSeconds }: Claim, now: Date): void => {
  const age = now.getTime() - (parseAmzDate(amzDate)?.getTime() ?? Number.NaN);
  const oldest = expiresSeconds === undefined ? skewMillisecondsMax : expiresSeconds * 1000;
  if (age <= oldest && age >= -skewMillisecondsMax) return;
  throw commonError("RequestExpired", "Request has expired.");
};

const assertSigned = ({ signable, scope, amzDate, signature }: Claim, account: Account): void => {
  const expected = computeSignature(signable, { scope, amzDate, secret: account.secretAccessKey });
  // `host` is always part of what must be signed; without it a signature could be replayed elsewhere.
  const covered = signable.signedHeaders.includes("host") && amzDate.startsWith(scope.date);
  if (covered && sameSignature(expected, signature)) return;
  throw commonError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  );
};
