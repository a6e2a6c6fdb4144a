import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Pair } from "./request.ts";

/** What a Signature Version 4 covers. */
export interface Signable {
  readonly method: string;
  readonly path: string;
  /** Without X-Amz-Signature. */
  readonly query: readonly Pair[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Lower case. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

export interface CredentialScope {
  readonly accessKeyId: string;
  /** yyyymmdd */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const algorithm = "AWS4-HMAC-SHA256";

/** The signature AWS would compute, in hexadecimal. `amzDate` is yyyymmddThhmmssZ. */
export const computeSignature = (
  signable: Signable,
  { scope, amzDate, secret }: { scope: CredentialScope; amzDate: string; secret: string },
): string => {
  const scopeText = [scope.date, scope.region, scope.service, "aws4_request"];
  const key = signingKey(secret, scopeText);
  const toSign = [algorithm, amzDate, scopeText.join("/"), sha256(canonicalRequest(signable))].join("\n");
  return hmac(key, toSign).toString("hex");
};

/**
 * Keys of a day, a region and a service, each derived once: it takes more than all the rest of a signature. As key
 * objects, since Node takes eight times as long over a key of bytes.
 */
const signingKeys = new Map<string, KeyObject>();
const signingKeysMax = 1000;

const signingKey = (secret: string, scope: readonly string[]): KeyObject => {
  const name = [secret, ...scope].join("\n");
  const key = signingKeys.get(name) ?? scope.reduce(derived, createSecretKey(`AWS4${secret}`, "utf8"));
  if (signingKeys.size >= signingKeysMax) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
};

export const sameSignature = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export const sha256 = (content: string): string => hash("sha256", content);

/** Reads `AKID/20260101/us-east-1/rds/aws4_request`. */
export const parseCredential = (credential: string): CredentialScope | undefined => {
  // An access key id holds no slash, so five parts are the only form there is.
  const [accessKeyId, date, region, service, ending, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || ending !== "aws4_request" || rest.length > 0)
    return undefined;
  return { accessKeyId, date, region, service };
};

/** Reads yyyymmddThhmmssZ. */
export const parseAmzDate = (value: string): Date | undefined => {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
};

const canonicalRequest = (signable: Signable): string => {
  const signedHeaders = [...signable.signedHeaders].sort();
  return [
    signable.method.toUpperCase(),
    canonicalPath(signable.path),
    canonicalQuery(signable.query),
    ...signedHeaders.map((name) => `${name}:${trimmed(signable.headers[name] ?? "")}`),
    "",
    signedHeaders.join(";"),
    signable.payloadHash,
  ].join("\n");
};

// Every service but S3 encodes the already encoded path once more.
const canonicalPath = (path: string): string => path.split("/").map(encode).join("/") || "/";

const canonicalQuery = (query: readonly Pair[]): string =>
  query
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, av], [b, bv]) => compare(a, b) || compare(av, bv))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

// By code point, as AWS sorts; a locale's order would put `_` and capitals elsewhere.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const encode = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const trimmed = (value: string): string => value.trim().replace(/ +/g, " ");

const derived = (key: KeyObject, word: string): KeyObject => createSecretKey(hmac(key, word));

const hmac = (key: KeyObject, content: string): Buffer => createHmac("sha256", key).update(content).digest();
