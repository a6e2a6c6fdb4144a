import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from "node:crypto";
import type { Checksum, SourceData } from "@smithy/types";

/**
 * SHA-256 for the SDK's signing, by Node as the SDK's own, but with key objects that are kept: the SDK hands the same
 * few keys over at every call, and Node takes several times as long over a key of bytes.
 */
export class Sha256 implements Checksum {
  readonly #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#hash = secret ? createHmac("sha256", keyOf(secret)) : createHash("sha256");
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): never {
    throw new Error("the SDK makes a new one for each text");
  }
}

/** Secrets are few; derived keys go when the SDK forgets them. */
const ofText = new Map<string, KeyObject>();
const ofBytes = new WeakMap<object, KeyObject>();

const keyOf = (secret: SourceData): KeyObject => {
  if (typeof secret === "string") {
    const key = ofText.get(secret) ?? createSecretKey(secret, "utf8");
    ofText.set(secret, key);
    return key;
  }
  const key = ofBytes.get(secret) ?? createSecretKey(bytesOf(secret));
  ofBytes.set(secret, key);
  return key;
};

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
