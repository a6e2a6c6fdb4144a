import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Clients } from "../../lib/engines/clients.ts";
import { type PresignInput, presignCopy } from "../../lib/engines/presign.ts";
import { rdsFamily } from "../../lib/engines/rds-family.ts";
import { engineClients } from "../../lib/runtime/clients.ts";
import { verifyPresignedUrl } from "../../simulator/presigned-url.ts";
import { openLab } from "./lab.ts";

/** `presignCopy` against botocore 1.43.11: see make-presign-vectors.py. */
interface Vector {
  readonly name: string;
  readonly input: Omit<PresignInput, "endpoint" | "signingDate"> & {
    readonly endpoint: string;
    readonly signingDate: string;
  };
  readonly url: string;
}

const fixture = join(import.meta.dirname, "../fixtures/presign-vectors.json");
const { vectors } = JSON.parse(readFileSync(fixture, "utf8")) as { vectors: readonly Vector[] };

const inputOf = ({ input }: Vector): PresignInput => ({
  ...input,
  endpoint: new URL(input.endpoint),
  signingDate: new Date(input.signingDate),
});

/** The query as pairs, read by the letter: a `+` is a plus sign here, as AWS reads it. */
const parametersOf = (url: string): Record<string, string> =>
  Object.fromEntries(
    new URL(url).search
      .slice(1)
      .split("&")
      .map((pair) => pair.split("=").map(decodeURIComponent) as [string, string]),
  );

/** The simulator's own reading of SigV4, which shares nothing with ours or the SDK's, at the hour of signing. */
const verify = ({ input }: Vector, url: string) => {
  const { accessKeyId, secretAccessKey } = input.credentials;
  return verifyPresignedUrl(url, {
    accounts: new Map([[accessKeyId, { id: "123456789012", accessKeyId, secretAccessKey }]]),
    checkRequestDates: "wall",
    wallNow: () => new Date(input.signingDate),
  });
};

describe("a pre-signed copy", () => {
  it("has vectors of every kind to be held against", () => {
    expect(vectors).toHaveLength(8);
    expect(vectors.filter(({ input }) => input.kmsKey === undefined)).not.toHaveLength(0);
    expect(vectors.filter(({ input }) => input.credentials.sessionToken)).not.toHaveLength(0);
  });

  it.each(vectors)(
    "equals botocore's, parameter by parameter and in its signature: $name",
    async (vector) => {
      const url = await presignCopy(inputOf(vector));
      expect(parametersOf(url)).toEqual(parametersOf(vector.url));
      const [ours, theirs] = [new URL(url), new URL(vector.url)];
      expect([ours.protocol, ours.host, ours.pathname]).toEqual([
        theirs.protocol,
        theirs.host,
        theirs.pathname,
      ]);
    },
  );

  it.each(vectors)("is verified by the simulator, which asks for the same: $name", async (vector) => {
    const { parameters, region, service } = verify(vector, await presignCopy(inputOf(vector)));
    expect({ region, service }).toEqual({ region: vector.input.sourceRegion, service: "rds" });
    expect(parameters.get("DestinationRegion")).toBe(vector.input.destinationRegion);
    expect(parameters.get("KmsKeyId")).toBe(vector.input.kmsKey);
    expect(parameters.has("KmsKeyId")).toBe(vector.input.kmsKey !== undefined);
  });

  it.each(vectors)("encodes every value by RFC 3986 and nothing as a plus sign: $name", async (vector) => {
    const { search } = new URL(await presignCopy(inputOf(vector)));
    expect(search).toMatch(/^\?[A-Za-z0-9\-._~%=&]+$/);
  });

  it.each(vectors)("is refused with any one character of its signature altered: $name", async (vector) => {
    const url = await presignCopy(inputOf(vector));
    const [, head = "", signature = ""] = /^(.*X-Amz-Signature=)([0-9a-f]{64})/.exec(url) ?? [];
    const tail = url.slice(head.length + 64);
    expect(() => verify(vector, `${head}${signature}${tail}`)).not.toThrow();
    for (let index = 0; index < signature.length; index += 1) {
      const altered = signature[index] === "0" ? "1" : "0";
      const forged = `${head}${signature.slice(0, index)}${altered}${signature.slice(index + 1)}${tail}`;
      expect(() => verify(vector, forged), `character ${index}`).toThrow(/signature/i);
    }
  });

  it.each(vectors)("is refused with any one parameter altered: $name", async (vector) => {
    const url = await presignCopy(inputOf(vector));
    const names = Object.keys(parametersOf(url)).filter((name) => name !== "X-Amz-Signature");
    for (const name of names) {
      const at = url.indexOf(`${name}=`) + name.length + 1;
      const forged = `${url.slice(0, at)}9${url.slice(at)}`;
      expect(() => verify(vector, forged), name).toThrow();
    }
  });

  it("holds for an hour and no longer", async () => {
    const [vector] = vectors;
    if (!vector) throw new Error("no vectors");
    const url = await presignCopy(inputOf(vector));
    const at = (minutes: number) =>
      new Date(Date.parse(vector.input.signingDate) + minutes * 60_000).toISOString();
    const later = (minutes: number) =>
      verify({ ...vector, input: { ...vector.input, signingDate: at(minutes) } }, url);
    expect(() => later(59)).not.toThrow();
    expect(() => later(61)).toThrow(/expired/i);
  });
});

describe("the URL that a copy is sent with", () => {
  it.each([
    ["us-east-1", "eu-west-1", "rds.us-east-1.amazonaws.com"],
    ["cn-north-1", "cn-northwest-1", "rds.cn-north-1.amazonaws.com.cn"],
    ["us-gov-east-1", "us-gov-west-1", "rds.us-gov-east-1.amazonaws.com"],
  ])("from %s to %s calls the host of the source's partition", async (source, destination, host) => {
    const { simulator, clients } = await openLab({
      settings: { presignedUrl: { "aurora-mysql": "require" } },
      clusters: [{ region: source, id: "orders", engine: "aurora-mysql" }],
      snapshots: [{ region: source, id: "s1", cluster: "orders", created: "2026-02-01T00:00:00Z" }],
    });
    const [snapshot] = await rdsFamily(clients).pickSnapshots(source, (one) => one);
    if (!snapshot) throw new Error("s1 is not listed");
    // The source's client has no endpoint of ours; it only says where it would call, and calls nowhere.
    const atAws = engineClients({ credentials: await clients.rds(source).config.credentials() });
    const split: Clients = { ...clients, rds: (region) => (region === source ? atAws : clients).rds(region) };
    const urls = listenForUrls(clients, destination);
    const copy = await rdsFamily(split).copySnapshot({
      source: snapshot,
      region: destination,
      id: "c1",
      tags: fiftyTags,
    });
    expect(copy).toMatchObject({ id: "c1", region: destination, status: "copying" });
    expect(urls.map((url) => new URL(url).host)).toEqual([host]);
    // Short enough for whatever stands before AWS: tags are asked for in the call alone.
    expect(urls.filter((url) => url.length > 2000 || url.includes("Tags."))).toEqual([]);
    expect([...simulator.world.store(destination).clusterSnapshots.values()][0]?.tags.size).toBe(50);
    expect(simulator.world.store(destination).clusterSnapshots.size).toBe(1);
  });
});

const fiftyTags = Object.fromEntries(
  Array.from({ length: 50 }, (_, index) => [`key-${index}`.padEnd(128, "k"), "v".repeat(256)]),
);

const listenForUrls = (clients: Clients, region: string): readonly string[] => {
  const urls: string[] = [];
  clients.rds(region).middlewareStack.add(
    (next) => (args) => {
      if ("PreSignedUrl" in args.input) urls.push(String(args.input.PreSignedUrl));
      return next(args);
    },
    { step: "serialize", priority: "low" },
  );
  return urls;
};
