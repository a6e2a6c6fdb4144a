import { describe, expect, it } from "vitest";
import { rdsFamily } from "../../lib/engines/rds-family.ts";
import { redshift } from "../../lib/engines/redshift.ts";
import { RefusedError } from "../../lib/errors.ts";
import type { Fleet } from "../../simulator/fleet.ts";
import { away, home, openLab, orderFor, refusalOf, service } from "./lab.ts";

const bare = (id: string, more: object = {}) => ({ region: home, id, engine: "redshift" as const, ...more });

const open = async (clusters: Fleet["clusters"]) => {
  const lab = await openLab({ clusters: clusters ?? [], keys: [{ region: away, alias: "alias/backup" }] });
  const engine = redshift(lab.clients);
  const enable = async (id: string, kmsKey?: string) => {
    const { cluster } = await orderFor(engine, id);
    return engine.enableCopies({ service, cluster, region: away, ...(kmsKey && { kmsKey }) });
  };
  const settingOf = (id: string) => lab.simulator.world.store(home).redshiftClusters.get(id)?.snapshotCopy;
  const grants = () => [...lab.simulator.world.store(away).copyGrants.values()];
  const key = () =>
    [...lab.simulator.world.store(away).keys.values()].find(({ manager }) => manager !== "AWS");
  return { ...lab, engine, enable, settingOf, grants, key };
};

describe("the copy setting of a Redshift cluster", () => {
  it("keeps what is taken by hand for ever, and what AWS takes by itself for a day", async () => {
    const { enable, settingOf, grants } = await open([bare("plain")]);
    expect(await enable("plain", "alias/backup")).toEqual({ region: away, manualRetentionDays: -1 });
    expect(settingOf("plain")).toMatchObject({
      ...{ destinationRegion: away, retentionPeriod: 1, manualRetentionPeriod: -1 },
      grantName: undefined,
    });
    expect(grants()).toEqual([]);
  });

  it("of an encrypted cluster goes by a grant on the copy's key, one for all clusters", async () => {
    const { enable, settingOf, grants, key } = await open([
      bare("one", { encrypted: true }),
      bare("two", { encrypted: true }),
    ]);
    await enable("one", "alias/backup");
    await enable("two", "alias/backup");
    const [grant, ...others] = grants();
    expect(others).toEqual([]);
    expect(grant?.name).toMatch(/^holdfast-[a-z2-7]{8}$/);
    expect([grant?.kmsKeyArn, grant?.tags.get("holdfast:service")]).toEqual([key()?.arn, service]);
    expect([settingOf("one")?.grantName, settingOf("two")?.grantName]).toEqual([grant?.name, grant?.name]);
  });

  it("goes by a grant on Redshift's own key where an encrypted cluster's copy has none", async () => {
    const { enable, settingOf, grants } = await open([bare("one", { encrypted: true })]);
    await enable("one");
    expect(grants()).toHaveLength(1);
    expect(settingOf("one")?.grantName).toBe(grants()[0]?.name);
  });

  it("goes by a grant of its own where another service has one on the same key", async () => {
    const { engine, enable, grants } = await open([
      bare("one", { encrypted: true }),
      bare("two", { encrypted: true }),
    ]);
    await enable("one", "alias/backup");
    const { cluster } = await orderFor(engine, "two");
    await engine.enableCopies({ service: "holdfast-dev", cluster, region: away, kmsKey: "alias/backup" });
    expect(grants().map(({ tags }) => tags.get("holdfast:service"))).toEqual([service, "holdfast-dev"]);
  });

  it("goes by another grant where the copy's key is another", async () => {
    const { enable, settingOf, grants } = await open([
      bare("one", { encrypted: true }),
      bare("two", { encrypted: true }),
    ]);
    await enable("one", "alias/backup");
    await enable("two", "alias/aws/rds");
    expect(new Set(grants().map(({ kmsKeyArn }) => kmsKeyArn)).size).toBe(2);
    expect([settingOf("one")?.grantName, settingOf("two")?.grantName]).toEqual(
      grants().map(({ name }) => name),
    );
  });

  it("has Redshift's own key where the copies of RDS have AWS's own", async () => {
    const { enable, grants, simulator } = await open([bare("one", { encrypted: true })]);
    await enable("one", "alias/aws/rds");
    const { aliases, keys } = simulator.world.store(away);
    expect(grants()[0]?.kmsKeyArn).toBe(keys.get(aliases.get("alias/aws/redshift") ?? "")?.arn);
  });

  it("that would let copies expire is told to keep them, and nothing else is changed", async () => {
    const { enable, settingOf, simulator } = await open([
      bare("short", { snapshotCopy: { destination: away, retention: 5, manualRetention: 30 } }),
    ]);
    simulator.calls.clear();
    await enable("short");
    expect(settingOf("short")).toMatchObject({ retentionPeriod: 5, manualRetentionPeriod: -1 });
    expect(simulator.calls.byOperation()["redshift.EnableSnapshotCopy"]).toBe(undefined);
  });

  it("is refused by name where the key cannot be used, and then nothing is enabled", async () => {
    const { enable, settingOf } = await open([bare("secret", { encrypted: true })]);
    const refusal = await refusalOf(enable("secret", "alias/typo"));
    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal.message).toContain("redshift CreateSnapshotCopyGrant in eu-west-1");
    expect(settingOf("secret")).toBe(undefined);
  });

  it("is no affair of the RDS family", async () => {
    const { clients } = await openLab({ clusters: [{ region: home, id: "orders", engine: "aurora-mysql" }] });
    const engine = rdsFamily(clients);
    const { cluster } = await orderFor(engine, "orders");
    expect(await refusalOf(engine.enableCopies({ service, cluster, region: away }))).toBeInstanceOf(
      RefusedError,
    );
  });
});
