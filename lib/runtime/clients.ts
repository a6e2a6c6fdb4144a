import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient, type RDSClientConfig } from "@aws-sdk/client-rds";
import { RedshiftClient } from "@aws-sdk/client-redshift";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import type { Clients } from "../engines/clients.ts";
import type { Watchable } from "../engines/faults.ts";
import type { Credentials } from "../engines/presign.ts";
import type { Pace } from "./pace.ts";
import { type OnThrottled, watchThrottles } from "./throttles.ts";

/** Where clients call and as whom; what is left out, the SDK finds by itself (AWS_ENDPOINT_URL, profiles, roles). */
export interface ClientOptions {
  readonly endpoint?: string;
  readonly credentials?: Credentials;
  /** In place of sockets. */
  readonly requestHandler?: NonNullable<RDSClientConfig["requestHandler"]>;
  /** How fast to call, and how often again; default: as fast as asked, three attempts. */
  readonly pace?: Pace;
  /** Called at each throttled answer, those that the SDK then retries included. */
  readonly onThrottled?: OnThrottled;
  /** Handed each client when it is made, to put middleware of the caller's on it. */
  readonly onMade?: (client: Watchable) => void;
}

/** Long enough for RDS's slowest listing, short enough that a hanging connection does not eat a Lambda's time. */
const connectionTimeoutMs = 3_000;
const requestTimeoutMs = 20_000;

/**
 * SDK clients by region, made once and kept: each keeps its connections. Three groups, so that a function's
 * bundle holds the clients of what it calls.
 */
export const engineClients = (
  options: ClientOptions = {},
): Pick<Clients, "rds" | "redshift" | "tagging" | "sts" | "signingDate"> => ({
  rds: byRegion(options, (settings) => new RDSClient(settings)),
  redshift: byRegion(options, (settings) => new RedshiftClient(settings)),
  tagging: byRegion(options, (settings) => new ResourceGroupsTaggingAPIClient(settings)),
  sts: byRegion(options, (settings) => new STSClient(settings)),
  signingDate: () => new Date(),
});

export const keyClients = (options: ClientOptions = {}): Pick<Clients, "kms"> => ({
  kms: byRegion(options, (settings) => new KMSClient(settings)),
});

/** Without the pace: the budget is RDS's and Redshift's, and a bus takes what a fleet has to tell at once. */
export const eventClients = (
  home: string,
  { pace: _, ...options }: ClientOptions = {},
): Pick<Clients, "eventBridge"> => {
  const client = byRegion(options, (settings) => new EventBridgeClient(settings));
  return { eventBridge: () => client(home) };
};

/** Not paced either. Only a command line starts and follows executions. */
export const executionClient = (region: string, { pace: _, ...options }: ClientOptions = {}): SFNClient =>
  new SFNClient(settingsFor(region, options));

const settingsFor = (region: string, { onThrottled: _, onMade: __, pace, ...options }: ClientOptions) => ({
  region,
  ...(pace ? { retryStrategy: pace.retryStrategy(region) } : { maxAttempts: 3 }),
  // Without `throwOnRequestTimeout` the SDK only logs a warning, and goes on waiting.
  requestHandler: {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
  },
  ...options,
});

const byRegion = <Client extends Watchable>(
  options: ClientOptions,
  make: (settings: ReturnType<typeof settingsFor>) => Client,
): ((region: string) => Client) => {
  const made = new Map<string, Client>();
  return (region) => {
    const known = made.get(region);
    if (known) return known;
    const client = make(settingsFor(region, options));
    if (options.onThrottled) watchThrottles(client, options.onThrottled);
    options.onMade?.(client);
    made.set(region, client);
    return client;
  };
};
