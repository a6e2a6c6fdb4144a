import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient } from "@aws-sdk/client-rds";
import { RedshiftClient } from "@aws-sdk/client-redshift";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { STSClient } from "@aws-sdk/client-sts";
import type { Clients } from "../engines/clients.ts";
import type { Credentials } from "../engines/presign.ts";

/** Where clients call and as whom; what is left out, the SDK finds by itself (AWS_ENDPOINT_URL, profiles, roles). */
export interface ClientOptions {
  readonly endpoint?: string;
  readonly credentials?: Credentials;
}

/** Long enough for RDS's slowest listing, short enough that a hanging connection does not eat a Lambda's time. */
const connectionTimeoutMs = 3_000;
const requestTimeoutMs = 20_000;

/** SDK clients by region, made once and kept: each keeps its connections. */
export const makeClients = (home: string, options: ClientOptions = {}): Clients => {
  const settings = (region: string) => ({
    region,
    maxAttempts: 3,
    // Without `throwOnRequestTimeout` the SDK only logs a warning, and goes on waiting.
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...options,
  });
  const eventBridge = new EventBridgeClient(settings(home));
  return {
    rds: byRegion((region) => new RDSClient(settings(region))),
    redshift: byRegion((region) => new RedshiftClient(settings(region))),
    kms: byRegion((region) => new KMSClient(settings(region))),
    tagging: byRegion((region) => new ResourceGroupsTaggingAPIClient(settings(region))),
    sts: byRegion((region) => new STSClient(settings(region))),
    eventBridge: () => eventBridge,
    signingDate: () => new Date(),
  };
};

const byRegion = <Client>(make: (region: string) => Client): ((region: string) => Client) => {
  const made = new Map<string, Client>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
};
