import { arnOf, type Place } from "../arn.ts";
import { findKey, type KmsKey, managedKey } from "../keys.ts";
import { defineOperation } from "../operation.ts";
import { list, required, text } from "../protocol/shape.ts";
import { describeQuestions } from "./describe-questions.ts";
import { kmsFault } from "./errors.ts";

export const operation = defineOperation({
  name: "DescribeKey",
  input: { KeyId: required(text), GrantTokens: list("member", text) },
  permissions: ({ KeyId }, call) => describeQuestions(call, KeyId),
  run: ({ KeyId }, { world, store, now }) => {
    // Describing the alias AWS predefines for a service makes its key, as DescribeKey documents.
    const predefined = predefinedService(KeyId);
    const key = predefined ? managedKey(store, predefined, now) : findKey(world, store, KeyId);
    if (!key) throw kmsFault("NotFoundException", notFound(KeyId, store));
    return { KeyMetadata: keyMetadata(key) };
  },
});

const predefinedService = (reference: string): string | undefined =>
  /^alias\/aws\/(rds|redshift)$/.exec(reference)?.[1];

const notFound = (reference: string, place: Place): string =>
  reference.includes("alias/")
    ? `Alias ${reference} is not found.`
    : `Key '${arnOf("kms", place, `key/${reference}`)}' does not exist`;

const keyMetadata = (key: KmsKey) => ({
  AWSAccountId: key.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: key.createdAt,
  Enabled: key.state === "Enabled",
  Description: key.description,
  KeyUsage: "ENCRYPT_DECRYPT",
  KeyState: key.state,
  DeletionDate: key.deletionDate,
  Origin: "AWS_KMS",
  KeyManager: key.manager,
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  KeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  MultiRegion: key.multiRegion,
});
