import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { RDSClient } from "@aws-sdk/client-rds";
import type { RedshiftClient } from "@aws-sdk/client-redshift";
import type { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import type { STSClient } from "@aws-sdk/client-sts";

/** SDK clients by region. Built by lib/runtime, which alone knows of credentials and endpoints; kept between calls. */
export interface Clients {
  readonly rds: (region: string) => RDSClient;
  readonly redshift: (region: string) => RedshiftClient;
  readonly kms: (region: string) => KMSClient;
  readonly tagging: (region: string) => ResourceGroupsTaggingAPIClient;
  readonly sts: (region: string) => STSClient;
  readonly eventBridge: () => EventBridgeClient;
  /** The wall clock that signatures are made with: AWS compares it with its own. */
  readonly signingDate: () => Date;
}
