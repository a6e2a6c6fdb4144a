/**
 * Pre-signed URLs for cross-region snapshot copies.
 *
 * A copy is asked for in the destination region; the URL inside is the same request, signed for the *source*
 * region, with which RDS proves there that the caller may read the snapshot. DocumentDB requires it, RDS uses
 * it between GovCloud regions, Neptune calls it unsupported (API models of August 2026).
 * It is a credential for an hour: never log it.
 */
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@aws-sdk/signature-v4";

const apiVersion = "2014-10-31";
const validSeconds = 3600;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface PresignInput {
  /** The source region's RDS endpoint: its own host in its partition, or a custom one with its port. */
  readonly endpoint: URL;
  readonly sourceRegion: string;
  readonly destinationRegion: string;
  readonly sourceArn: string;
  readonly targetId: string;
  /** A key of the destination region; left out altogether for an unencrypted snapshot. */
  readonly kmsKey?: string;
  readonly credentials: Credentials;
  readonly signingDate: Date;
}

/**
 * The URL, signed as botocore does it: GET on `/`, the host with its port where that is not the scheme's own, the hash of
 * an empty body, valid for an hour. Without the copy's tags, as the SDK's own: no reference asks for them there, fifty long
 * ones make a URL of 20 KB, and a request with them may need a permission to tag in the source region, which no role has.
 */
export const presignCopy = async (input: PresignInput): Promise<string> => {
  const { endpoint, sourceRegion, credentials, signingDate } = input;
  const signer = new SignatureV4({ service: "rds", region: sourceRegion, credentials, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method: "GET",
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path: "/",
      // `host` leaves out the scheme's own port, which is also what a client sends.
      headers: { host: endpoint.host },
      query: parametersOf(input),
    },
    { expiresIn: validSeconds, signingDate },
  );
  return `${endpoint.protocol}//${endpoint.host}/?${encodeQuery(signed.query ?? {})}`;
};

const parametersOf = ({ sourceArn, targetId, destinationRegion, kmsKey }: PresignInput) => ({
  Action: "CopyDBClusterSnapshot",
  Version: apiVersion,
  SourceDBClusterSnapshotIdentifier: sourceArn,
  TargetDBClusterSnapshotIdentifier: targetId,
  DestinationRegion: destinationRegion,
  ...(kmsKey !== undefined && { KmsKeyId: kmsKey }),
});

/** RFC 3986, as the signature was computed: a space is `%20`, never `+`. */
const encodeQuery = (query: Readonly<Record<string, string | string[] | null>>): string =>
  Object.entries(query)
    .flatMap(([key, value]) => (typeof value === "string" ? [`${encode(key)}=${encode(value)}`] : []))
    .toSorted()
    .join("&");

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
