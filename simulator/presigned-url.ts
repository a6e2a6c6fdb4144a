import { type AuthenticationRules, authenticate } from "./authenticate.ts";
import type { PresignedRequest } from "./operation.ts";
import { AwsError, commonError } from "./protocol/errors.ts";
import { queryPairs } from "./request.ts";

/**
 * Verifies a URL signed in advance, as it travels inside another request. Throws SignatureDoesNotMatch,
 * RequestExpired and the other errors of authentication.
 *
 * The port is not always part of the host that was signed (the JavaScript SDK leaks a custom endpoint's
 * port into the URL only), so the signature may hold for either.
 */
export const verifyPresignedUrl = (url: string, rules: AuthenticationRules): PresignedRequest => {
  const parsed = URL.parse(withoutBareKey(url));
  if (!parsed) throw commonError("IncompleteSignature", "The pre-signed URL is not a URL.");
  const target = `${parsed.pathname}${parsed.search}`;
  const { account, accessKeyId, region, service } = authenticateAs(
    [parsed.host, parsed.hostname],
    target,
    rules,
  );
  const parameters = new Map(queryPairs(target).filter(([name]) => !name.startsWith("X-Amz-")));
  return { service, region, account, accessKeyId, parameters };
};

// Without a key the JavaScript SDK writes a bare `KmsKeyId` that is not in what it signed.
const withoutBareKey = (url: string): string => url.replace(/([?&])KmsKeyId(?:&|$)/, "$1");

const authenticateAs = (hosts: readonly string[], target: string, rules: AuthenticationRules) => {
  let refused: unknown;
  for (const host of hosts) {
    try {
      return authenticate({ method: "GET", target, headers: { host }, body: "" }, rules);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refused = error;
    }
  }
  throw refused;
};
