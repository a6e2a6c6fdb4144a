import type { Call, PresignedRequest } from "../operation.ts";
import { AwsError, commonError } from "../protocol/errors.ts";
import type { DbClusterSnapshot } from "../rds-records.ts";
import { presignedUrlMode } from "../settings.ts";

export interface CopyInput {
  readonly SourceDBClusterSnapshotIdentifier: string;
  readonly TargetDBClusterSnapshotIdentifier: string;
  readonly KmsKeyId: string | undefined;
  readonly PreSignedUrl: string | undefined;
}

/** Judges the PreSignedUrl of a copy from another region, as the engine's setting says. */
export const checkCopyUrl = (call: Call, source: DbClusterSnapshot, input: CopyInput): void => {
  const mode = presignedUrlMode(call.world.settings, source.engine);
  if (source.region === call.region || mode === "ignore") return;
  if (input.PreSignedUrl) {
    if (mode === "refuse") throw notSupported(source.engine);
    if (signedCopy(call, source, input)) return;
    throw commonError("InvalidParameterValue", "PreSignedurl could not be authenticated");
  } else if (mode === "require") {
    throw commonError("InvalidParameterValue", urlNeeded);
  }
};

const urlNeeded = "A pre-signed url must be specified for copying encrypted snapshot across region.";

// A guess: Neptune's model says "Not currently supported", and no answer to it was ever seen.
const notSupported = (engine: string) =>
  commonError("InvalidParameterCombination", `PreSignedUrl is not supported for engine ${engine}.`);

/** The request to the source region that a copy's PreSignedUrl holds, where it is looked at and is right. */
export const signedCopy = (
  call: Call,
  source: DbClusterSnapshot,
  input: CopyInput,
): PresignedRequest | undefined => {
  const mode = presignedUrlMode(call.world.settings, source.engine);
  if (!input.PreSignedUrl || source.region === call.region || mode === "ignore" || mode === "refuse") {
    return undefined;
  }
  const signed = authentic(call, input.PreSignedUrl);
  return signed && asksForTheSame(call, { source, input, signed }) ? signed : undefined;
};

const authentic = (call: Call, url: string): PresignedRequest | undefined => {
  try {
    return call.verifyPresignedUrl(url);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
};

interface Comparison {
  readonly source: DbClusterSnapshot;
  readonly input: CopyInput;
  readonly signed: PresignedRequest;
}

// Clients differ in how much of the outer request they sign; what is there must agree with it.
const asksForTheSame = (call: Call, { source, input, signed }: Comparison): boolean => {
  const value = (name: string) => signed.parameters.get(name);
  return (
    signed.service === "rds" &&
    signed.account === call.account &&
    signed.region === source.region &&
    value("Action") === call.operation &&
    value("Version") === "2014-10-31" &&
    value("DestinationRegion") === call.region &&
    value("SourceDBClusterSnapshotIdentifier") === input.SourceDBClusterSnapshotIdentifier &&
    (value("KmsKeyId") || undefined) === (input.KmsKeyId || undefined) &&
    (value("TargetDBClusterSnapshotIdentifier") ?? input.TargetDBClusterSnapshotIdentifier) ===
      input.TargetDBClusterSnapshotIdentifier
  );
};
