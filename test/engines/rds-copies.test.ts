import { describe, expect, it } from "vitest";
import { rdsFamily } from "../../lib/engines/rds-family.ts";
import {
  CopyLimitError,
  DeniedError,
  KeyUnusableError,
  MissingError,
  QuotaFullError,
  RefusedError,
  SnapshotExistsError,
  SnapshotStateError,
} from "../../lib/errors.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { away, clientsOf, home, type Lab, openLab, refusalOf } from "./lab.ts";

/** Copies to another region, as the RDS family makes them: keys, limits and pre-signed URLs. */
const tags = { "holdfast:keep": "last=2 daily=7", "owner + team": "a/b c" };
const copyCalls = "rds.CopyDBClusterSnapshot";

const one = { region: home, created: "2026-02-01T00:00:00Z", tags: { origin: "source" } };
const fleetWith = (settings: Fleet["settings"] = {}): Fleet => ({
  settings: { copyBaseSeconds: 60, copySecondsPerGib: 0, ...settings },
  keys: [
    { region: away, id: "good", alias: "alias/good" },
    { region: away, id: "off", state: "Disabled" },
    { region: home, id: "home-key" },
  ],
  clusters: [
    { region: home, id: "plain", engine: "aurora-postgresql" },
    { region: home, id: "vault", engine: "aurora-mysql", encrypted: true, kmsKey: "home-key" },
    { region: home, id: "graph", engine: "neptune" },
    { region: home, id: "papers", engine: "docdb", encrypted: true, kmsKey: "home-key" },
    { region: home, id: "twin", engine: "postgres" },
    { region: home, id: "young", engine: "aurora-mysql", awsOwnedKey: true },
  ],
  snapshots: [
    ...["plain", "vault", "graph", "papers", "twin", "young"].map((cluster) => ({
      ...one,
      id: `${cluster}-1`,
      cluster,
    })),
    { ...one, id: "young-2", cluster: "young" },
    ...[2, 3, 4, 5, 6, 7].map((n) => ({ ...one, id: `plain-${n}`, cluster: "plain" })),
  ],
});

const open = async (settings: Fleet["settings"] = {}) => {
  const lab = await openLab(fleetWith(settings));
  const engine = rdsFamily(lab.clients);
  const listed = new Map(
    (await engine.pickSnapshots(home, (one) => one)).map((snapshot) => [snapshot.id, snapshot]),
  );
  lab.simulator.calls.clear();
  const copy = (id: string, differs: { kmsKey?: string; id?: string } = {}) => {
    const source = listed.get(id);
    if (!source) throw new Error(`the fleet has no snapshot ${id}`);
    return engine.copySnapshot({ source, region: away, id: `copy-of-${id}`, tags, ...differs });
  };
  return { ...lab, engine, copy };
};

const copyCallsOf = ({ simulator }: Pick<Lab, "simulator">) => simulator.calls.byOperation()[copyCalls];

describe("a copy to another region", () => {
  it("of an encrypted snapshot is encrypted with the key it was given, and finishes with its tags", async () => {
    const { simulator, engine, copy } = await open();
    const copied = await copy("vault-1", { kmsKey: "alias/good" });
    expect(copied).toMatchObject({
      id: "copy-of-vault-1",
      arnPattern: `arn:aws:rds:${away}:123456789012:cluster-snapshot:*`,
      region: away,
      status: "copying",
      encrypted: true,
      cluster: "vault",
      sourceArn: `arn:aws:rds:${home}:123456789012:cluster-snapshot:vault-1`,
    });
    const held = simulator.world.store(away).clusterSnapshots.get("copy-of-vault-1");
    expect(held?.kmsKeyArn).toBe(`arn:aws:kms:${away}:123456789012:key/good`);
    const look = async () =>
      (await engine.findSnapshots({ region: away, ids: ["copy-of-vault-1"], runId: "any" }))[0];
    if (held) held.status = "creating";
    expect(await look()).toMatchObject({ status: "copying" });
    if (held) held.status = "copying";
    simulator.clock.advance(60);
    const createdAt = Date.parse("2026-02-01T00:00:00Z");
    expect(await look()).toMatchObject({ status: "available", tags, createdAt, kmsKey: held?.kmsKeyArn });
  });

  it.each([{}, { kmsKey: "alias/good" }])(
    "of an unencrypted snapshot is sent no key: given %j",
    async (given) => {
      const { simulator, copy } = await open();
      expect(await copy("plain-1", given)).toMatchObject({ encrypted: false, status: "copying" });
      expect(simulator.world.store(away).clusterSnapshots.get("copy-of-plain-1")?.kmsKeyArn).toBeUndefined();
      expect(copyCallsOf({ simulator })).toBe(1);
    },
  );

  it("of an encrypted snapshot without a key is a RefusedError that says so", async () => {
    const { copy } = await open();
    await expect(copy("vault-1")).rejects.toThrow(/Must specify new KMS key/);
    await expect(copy("vault-1")).rejects.toThrow(RefusedError);
  });

  it.each(["off", "alias/nothing", `arn:aws:kms:${home}:123456789012:key/home-key`])(
    "with the key %s, which cannot be used there, is a KeyUnusableError",
    async (kmsKey) => {
      const { copy } = await open();
      await expect(copy("vault-1", { kmsKey })).rejects.toThrow(KeyUnusableError);
    },
  );

  it("beyond the limit on running copies is a CopyLimitError that tells the limit", async () => {
    const { simulator, copy } = await open({ copiesPerDestination: 4 });
    for (const n of [1, 2, 3, 4]) await copy(`plain-${n}`);
    const refusal = await refusalOf(copy("plain-6"));
    expect(refusal).toBeInstanceOf(CopyLimitError);
    expect(refusal).toMatchObject({ limit: 4 });
    simulator.clock.advance(60);
    expect(await copy("plain-6")).toMatchObject({ status: "copying" });
  });

  it("into a region whose quota is full is a QuotaFullError", async () => {
    const { copy } = await open({ manualClusterSnapshotsMax: 1 });
    await copy("plain-1");
    await expect(copy("plain-2")).rejects.toThrow(QuotaFullError);
  });

  it("refused by the quota's code in other words than the quota's is a CopyLimitError that tells no limit", async () => {
    const { simulator, copy } = await open();
    const kind = { code: "SnapshotQuotaExceeded", status: 400, message: "Too many copies." };
    simulator.faults.add({ operation: "CopyDBClusterSnapshot", times: 1, kind });
    const refusal = await refusalOf(copy("plain-1"));
    expect(refusal).toBeInstanceOf(CopyLimitError);
    expect((refusal as CopyLimitError).limit).toBeUndefined();
  });

  it("under a name that is taken is a SnapshotExistsError", async () => {
    const { copy } = await open();
    await copy("plain-1");
    await expect(copy("plain-2", { id: "copy-of-plain-1" })).rejects.toThrow(SnapshotExistsError);
  });

  it("whose first answer was lost exists for the retried call", async () => {
    const { simulator, copy } = await open();
    simulator.faults.add({
      service: "rds",
      operation: "CopyDBClusterSnapshot",
      times: 1,
      kind: "reset-after",
    });
    await expect(copy("plain-1")).rejects.toThrow(SnapshotExistsError);
    expect(simulator.world.store(away).clusterSnapshots.size).toBe(1);
  });

  it("of a snapshot that is gone, or not available, is refused by name", async () => {
    const { simulator, copy } = await open();
    const store = simulator.world.store(home);
    for (const snapshot of store.clusterSnapshots.values())
      if (snapshot.id === "plain-1") snapshot.status = "creating";
    await expect(copy("plain-1")).rejects.toThrow(SnapshotStateError);
    store.clusterSnapshots.delete("plain-2");
    await expect(copy("plain-2")).rejects.toThrow(MissingError);
  });

  it("of a Multi-AZ DB cluster's snapshot is a RefusedError", async () => {
    const { copy } = await open();
    await expect(copy("twin-1")).rejects.toThrow(RefusedError);
  });

  it("is tagged as it is made, never afterwards", async () => {
    const { engine } = await open();
    const [snapshot] = await engine.pickSnapshots(home, (one) => one);
    if (!snapshot) throw new Error("nothing is listed");
    await expect(engine.tagSnapshot({ snapshot, tags })).rejects.toThrow(RefusedError);
  });
});

describe("a copy of what is under a key that AWS owns", () => {
  const keyOf = ({ simulator }: Pick<Lab, "simulator">, id: string) => {
    const { kmsKeyArn, awsOwnedKey } = simulator.world.store(away).clusterSnapshots.get(id) ?? {};
    return { key: kmsKeyArn?.split("/")[1], awsOwnedKey };
  };

  it("is encrypted with the key it was given, and without one under AWS's own", async () => {
    const { copy, engine, simulator } = await open();
    for (const id of ["copy-of-young-1", "another"]) {
      await copy("young-1", { id, kmsKey: "alias/good" });
      expect(keyOf({ simulator }, id)).toEqual({ key: "good", awsOwnedKey: false });
    }
    await copy("young-2");
    expect(keyOf({ simulator }, "copy-of-young-2")).toEqual({ key: undefined, awsOwnedKey: true });
    const listed = await engine.pickSnapshots(away, ({ id, encrypted, awsOwnedKey }) => ({
      ...{ id, encrypted, awsOwnedKey },
    }));
    expect(listed).toEqual([
      { id: "another", encrypted: true, awsOwnedKey: undefined },
      { id: "copy-of-young-1", encrypted: true, awsOwnedKey: undefined },
      { id: "copy-of-young-2", encrypted: false, awsOwnedKey: true },
    ]);
  });

  it("is asked for without its key, after one refusal, where AWS takes none", async () => {
    const lab = await open({ awsOwnedKeyCopies: "without-key" });
    await lab.copy("young-1", { kmsKey: "alias/good" });
    expect(copyCallsOf(lab)).toBe(2);
    await lab.copy("young-2", { kmsKey: "alias/good" });
    expect(copyCallsOf(lab)).toBe(3);
    await lab.copy("vault-1", { kmsKey: "alias/good" });
    expect(keyOf(lab, "copy-of-young-2")).toEqual({ key: undefined, awsOwnedKey: true });
    expect(keyOf(lab, "copy-of-vault-1")).toEqual({ key: "good", awsOwnedKey: false });
  });

  it("is not asked for without its key where that cannot be used", async () => {
    const lab = await open();
    await expect(lab.copy("young-1", { kmsKey: "off" })).rejects.toThrow(KeyUnusableError);
    expect(copyCallsOf(lab)).toBe(1);
  });

  it("is refused by name where AWS wants a key and none is given", async () => {
    const { copy } = await open({ awsOwnedKeyCopies: "with-key" });
    await expect(copy("young-1")).rejects.toThrow(RefusedError);
  });
});

describe("the pre-signed URL of a copy", () => {
  it.each(["plain-1", "vault-1", "graph-1", "papers-1"])(
    "of %s is given and right where AWS demands it",
    async (id) => {
      const every = {
        "aurora-postgresql": "require",
        "aurora-mysql": "require",
        neptune: "require",
        docdb: "require",
      } as const;
      const { simulator, copy } = await open({ presignedUrl: every });
      expect(await copy(id, { kmsKey: "alias/good" })).toMatchObject({ status: "copying" });
      expect(copyCallsOf({ simulator })).toBe(1);
    },
  );

  it("signed with the wrong secret is refused, and not asked again without it", async () => {
    const { simulator, clients, engine } = await open();
    const [source] = await engine.findSnapshots({ region: home, ids: ["papers-1"], runId: "any" });
    if (!source) throw new Error("papers-1 is not listed");
    const forger = clientsOf(simulator.endpoint, "wrong");
    const split = rdsFamily({
      ...clients,
      rds: (region) => (region === home ? forger : clients).rds(region),
    });
    const copy = () => split.copySnapshot({ source, region: away, id: "forged", tags, kmsKey: "alias/good" });
    const refusal = await refusalOf(copy());
    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal.message).toMatch(/could not be authenticated/);
    expect(refusal.message).not.toMatch(/X-Amz-Signature/);
    await expect(copy()).rejects.toThrow(/could not be authenticated/);
    expect(copyCallsOf({ simulator })).toBe(2);
  });

  it("is left out, after one refusal, for the engine that refuses the parameter and for no other", async () => {
    const { simulator, copy } = await open({ presignedUrl: { neptune: "refuse", docdb: "require" } });
    expect(await copy("graph-1")).toMatchObject({ status: "copying" });
    expect(copyCallsOf({ simulator })).toBe(2);
    expect(await copy("graph-1", { id: "second" })).toMatchObject({ status: "copying" });
    expect(copyCallsOf({ simulator })).toBe(3);
    expect(await copy("papers-1", { kmsKey: "alias/good" })).toMatchObject({ status: "copying" });
    expect(copyCallsOf({ simulator })).toBe(4);
  });

  it("is not left out when the copy fails for another reason", async () => {
    const { simulator, copy } = await open({ presignedUrl: { docdb: "require" } });
    await expect(copy("papers-1", { kmsKey: "off" })).rejects.toThrow(KeyUnusableError);
    expect(copyCallsOf({ simulator })).toBe(1);
    expect(await copy("papers-1", { kmsKey: "alias/good" })).toMatchObject({ status: "copying" });
  });

  it("that lost its permission is a DeniedError", async () => {
    const { simulator, copy } = await open();
    const kind = {
      code: "AccessDenied",
      status: 403,
      message: "not authorized to perform: rds:CrossRegionCommunication",
    };
    simulator.faults.add({ service: "rds", operation: "CopyDBClusterSnapshot", times: 1, kind });
    await expect(copy("plain-1")).rejects.toThrow(DeniedError);
  });
});
