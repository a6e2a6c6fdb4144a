import { arnOf } from "../../../simulator/arn.ts";
import { type DbClusterSnapshot, isMultiAzEngine } from "../../../simulator/rds-records.ts";
import { takeSnapshot } from "../../../simulator/redshift/take-snapshot.ts";
import type { RedshiftSnapshot } from "../../../simulator/redshift-records.ts";
import { beginSnapshotWork } from "../../../simulator/snapshot-work.ts";
import type { RegionStore } from "../../../simulator/world.ts";
import { copyRegion, regions, service, sourceRegions } from "../estate.ts";
import type { Stage } from "../stage.ts";
import { later, sometime, type Tonight } from "../tonight.ts";
import { readable } from "../wishes.ts";

/** What people and other tools do to snapshots by hand, while runs go on. */

type Any = DbClusterSnapshot | RedshiftSnapshot;

const isProducts = ({ id, tags }: Any): boolean =>
  /^(copy:)?holdfast-/.test(id) && tags.get("holdfast:service") === service;

const withSnapshot = (
  tonight: Tonight,
  minutes: readonly [number, number],
  deed: (store: RegionStore, snapshot: Any) => void,
): void =>
  later(tonight, sometime(tonight, minutes), () => {
    const { stage, dice } = tonight;
    const store = stage.core.world.store(dice.one(regions));
    const available = [...store.clusterSnapshots.values(), ...store.redshiftSnapshots.values()].filter(
      (one) => isProducts(one) && one.status === "available",
    );
    if (available.length > 0) deed(store, dice.one(available));
  });

const severalTimes = (tonight: Tonight, what: (tonight: Tonight) => void): void => {
  for (let left = tonight.dice.between(1, 6); left > 0; left -= 1) what(tonight);
};

export const operatorDeletes = (tonight: Tonight): void =>
  severalTimes(tonight, () =>
    withSnapshot(tonight, [0, 240], (store, { id, arn }) => {
      const { stage } = tonight;
      stage.witness.touch({ region: store.region, id }, true);
      stage.log.write(`operator deletes ${id}`);
      stage.core.world.works.failDependents(arn, stage.core.clock.now());
      store.clusterSnapshots.delete(id);
      store.redshiftSnapshots.delete(id);
    }),
  );

export const operatorHolds = (tonight: Tonight): void =>
  severalTimes(tonight, () =>
    withSnapshot(tonight, [0, 240], (_, snapshot) => {
      snapshot.tags = new Map([...snapshot.tags, ["holdfast:hold", "legal"]]);
      tonight.stage.log.write(`operator holds ${snapshot.id}`);
    }),
  );

export const operatorRetags = (tonight: Tonight): void =>
  withSnapshot(tonight, [0, 240], (store, snapshot) => {
    const { stage, dice } = tonight;
    stage.witness.touch({ region: store.region, id: snapshot.id }, true);
    stage.log.write(`operator retags ${snapshot.id}`);
    const [key, value] = dice.one([
      ["holdfast:service", "holdfast/other"],
      ["holdfast:taken-at", "last Tuesday"],
      ["holdfast:keep", "a while"],
      ["holdfast:until", "ask Bob"],
      ["holdfast:plan", "gone"],
    ] as const);
    snapshot.tags = new Map([...snapshot.tags, [key, value]]);
  });

/** Somebody deletes what a run has just brought, while it goes on: what it reports has to miss that. */
export const freshDeleted = (tonight: Tonight): void =>
  severalTimes(tonight, () =>
    later(tonight, tonight.dice.one([0, 40, 80]) + tonight.dice.between(2, 30), () => {
      const { stage, dice } = tonight;
      const { world, clock } = stage.core;
      const fresh = regions
        .flatMap((region) => {
          const { clusterSnapshots, redshiftSnapshots } = world.store(region);
          return [...clusterSnapshots.values(), ...redshiftSnapshots.values()];
        })
        .filter((one) => isProducts(one) && one.status === "available")
        .filter(({ startedAt }) => startedAt.getTime() > clock.now().getTime() - 3_600_000);
      if (fresh.length === 0) return;
      const { region, id, arn } = dice.one(fresh);
      stage.witness.touch({ region, id }, true);
      stage.log.write(`somebody deletes ${id} in ${region}`);
      world.works.failDependents(arn, clock.now());
      world.store(region).clusterSnapshots.delete(id);
      world.store(region).redshiftSnapshots.delete(id);
    }),
  );

/** The name that a run is about to give a snapshot is a stranger's: as its other runs name theirs, with this one's time. */
export const sourceNamesTaken = (tonight: Tonight): void => {
  for (const { plan, at, begins } of tonight.runs.filter((run) => run.at !== undefined))
    later(tonight, (begins - tonight.start) / 60_000 + tonight.dice.between(-20, 0) / 2, () => {
      const { stage, dice } = tonight;
      const time = (at ?? "").replaceAll(/[-:]/g, "").toLowerCase();
      const models = sourceRegions
        .flatMap((region) => [...stage.core.world.store(region).clusterSnapshots.values()])
        .filter((one) => isProducts(one) && one.sourceArn === undefined && one.status === "available")
        .filter(({ tags }) => tags.get("holdfast:plan") === plan);
      for (let left = Math.min(models.length, dice.between(1, 3)); left > 0; left -= 1) {
        const model = dice.one(models);
        const id = model.id.replace(/\d{8}t\d{6}z(-[23])?$/, time);
        const store = stage.core.world.store(model.region);
        if (store.clusterSnapshots.has(id)) continue;
        const arn = arnOf("rds", store, `cluster-snapshot:${id}`);
        const tags = new Map(dice.one([[], [["team", "shop"]]] as const));
        const createTime = stage.core.clock.now();
        store.clusterSnapshots.set(id, { ...model, id, arn, tags, createTime, startedAt: createTime });
        stage.witness.excuse(`${model.region} ${id}`, 2);
        stage.log.write(`somebody has ${id} in ${model.region}`);
      }
    });
};

/**
 * Copies of ours by hand, where AWS makes any: beside the run into the copy region, and under our tags as AWS's console
 * takes them along.
 */
export const operatorCopies = (tonight: Tonight): void =>
  severalTimes(tonight, () =>
    withSnapshot(tonight, [-30, 120], (store, source) => {
      const { stage, dice } = tonight;
      if (!("clusterResourceId" in source)) return;
      const { world, clock } = stage.core;
      const to = world.store(dice.one(regions), store.account);
      const id = `by-hand-${stage.core.calls.total}-${clock.now().getTime()}`;
      const now = clock.now();
      const copy: DbClusterSnapshot = {
        ...source,
        ...{ region: to.region, id, arn: arnOf("rds", to, `cluster-snapshot:${id}`), sourceArn: source.arn },
        ...{ startedAt: now, status: "copying", percent: 0, sharedWith: [] },
        tags: dice.chance(0.5) ? source.tags : new Map(),
      };
      if (isMultiAzEngine(copy.engine)) return;
      to.clusterSnapshots.set(id, copy);
      stage.log.write(`operator copies ${source.id} to ${to.region} as ${id}`);
      beginSnapshotWork(world, copy, { kind: "copy", startedAt: now, dependsOn: source.arn });
    }),
  );

/** The name that a run is about to give its copy is taken: by a stranger, or by a copy that a person made, with our tags or without. */
export const namesTaken = (tonight: Tonight): void =>
  severalTimes(tonight, () =>
    later(tonight, tonight.dice.one([0, 40, 80]) + tonight.dice.between(4, 20) / 4, () => {
      const { stage, dice } = tonight;
      const { world, clock } = stage.core;
      const now = clock.now();
      const to = world.store(copyRegion);
      const fresh = sourceRegions
        .flatMap((region) => [...world.store(region).clusterSnapshots.values()])
        .filter((one) => isProducts(one) && !to.clusterSnapshots.has(one.id))
        .filter(({ startedAt }) => startedAt.getTime() > now.getTime() - 3_600_000);
      if (fresh.length === 0) return;
      const source = dice.one(fresh);
      const place = { region: to.region, arn: arnOf("rds", to, `cluster-snapshot:${source.id}`) };
      const copy: DbClusterSnapshot =
        source.status === "available" && !isMultiAzEngine(source.engine)
          ? {
              ...{
                ...source,
                ...place,
                sourceArn: source.arn,
                startedAt: now,
                status: "copying",
                percent: 0,
              },
              tags: dice.chance(0.3) ? source.tags : new Map(),
            }
          : { ...source, ...place, startedAt: now, status: "available", percent: 100, tags: new Map() };
      to.clusterSnapshots.set(source.id, copy);
      stage.witness.touch(copy, false);
      stage.witness.excuse(`${to.region} ${source.id}`, 2);
      stage.log.write(`somebody has ${source.id} in ${to.region}`);
      if (copy.status === "copying")
        beginSnapshotWork(world, copy, { kind: "copy", startedAt: now, dependsOn: source.arn });
    }),
  );

/** Snapshots that others take of clusters which AWS copies: theirs are copied as ours are, and come without tags as well. */
export const othersTake = (tonight: Tonight): void =>
  severalTimes(tonight, () =>
    later(tonight, sometime(tonight, [-60, 120]), () => {
      const { stage, dice } = tonight;
      const { world, clock } = stage.core;
      const clusters = sourceRegions.flatMap((region) => [...world.store(region).redshiftClusters.values()]);
      const free = clusters.filter(({ status }) => status === "available");
      if (free.length === 0) return;
      const cluster = dice.one(free);
      const now = clock.now();
      const id = `${dice.one(["before-upgrade", "holdfast-manual", "nightly"])}-${cluster.id}-${now.getTime()}`;
      stage.log.write(`somebody takes ${id}`);
      takeSnapshot(world, { cluster, id, tags: new Map(), retentionPeriod: -1, now });
    }),
  );

/** Snapshots of others that look as if they were ours: by name without tags, by tags without the name. */
export const lookAlikes = (tonight: Tonight): void =>
  severalTimes(tonight, () =>
    withSnapshot(tonight, [-60, 60], (store, model) => {
      const { stage, dice } = tonight;
      if (!("clusterResourceId" in model)) return warehouseLookAlike(tonight, store, model);
      const [id, tags] = dice.one([
        [model.id.replace(/\d{8}t/, "20200101t"), new Map([["team", "shop"]])],
        [
          model.id.replace(/\d{8}t/, "20200102t"),
          new Map([...model.tags, ["holdfast:service", "holdfast/prod"]]),
        ],
        [`holdfast-${model.clusterId}-manual`, model.tags],
        [`before-upgrade-${model.clusterId}`, model.tags],
      ] as const);
      if (store.clusterSnapshots.has(id)) return;
      const created = new Date(stage.core.clock.now().getTime() - 500 * 86_400_000);
      const arn = arnOf("rds", store, `cluster-snapshot:${id}`);
      store.clusterSnapshots.set(id, { ...model, id, arn, tags, createTime: created, sourceArn: undefined });
      stage.log.write(`somebody makes ${id}`);
    }),
  );

/** The same of Redshift's, in the region that it is in: nothing tells whose such a copy is but its tags and its times. */
const warehouseLookAlike = ({ stage, dice }: Tonight, store: RegionStore, model: RedshiftSnapshot): void => {
  const plain = model.id.replace(/^copy:/, "");
  const [id, tags] = dice.one([
    [plain.replace(/\d{8}t/, "20200101t"), new Map([["team", "shop"]])],
    [plain.replace(/\d{8}t/, "20200102t"), new Map([...model.tags, ["holdfast:service", "holdfast/prod"]])],
    [`holdfast-${model.clusterId}-manual`, model.tags],
    [`before-upgrade-${model.clusterId}`, model.tags],
  ] as const);
  if (store.redshiftSnapshots.has(id)) return;
  const created = new Date(stage.core.clock.now().getTime() - 500 * 86_400_000);
  const arn = arnOf("redshift", store, `snapshot:${model.clusterId}/${id}`);
  store.redshiftSnapshots.set(id, {
    ...{ ...model, id, arn, tags, createTime: created, startedAt: created },
    sourceRegion: undefined,
  });
  stage.log.write(`somebody makes ${id}`);
};

/** Things that come and go between the pages of a listing. */
export const shiftingPages = (tonight: Tonight): void => {
  const { stage, dice } = tonight;
  for (let left = 40; left > 0; left -= 1)
    later(tonight, sometime(tonight, [0, 180]), () => {
      const store = stage.core.world.store(dice.one(regions));
      const shifting = [...store.clusterSnapshots.keys()].filter((id) => id.startsWith("aaa-shifting-"));
      if (shifting.length > 3) {
        store.clusterSnapshots.delete(dice.one(shifting));
        return;
      }
      const model = [...store.clusterSnapshots.values()].find(({ status }) => status === "available");
      if (model === undefined) return;
      const id = `aaa-shifting-${stage.core.clock.now().getTime()}`;
      const arn = arnOf("rds", store, `cluster-snapshot:${id}`);
      store.clusterSnapshots.set(id, {
        ...model,
        id,
        arn,
        tags: new Map(),
        type: "manual",
        sourceArn: undefined,
      });
    });
};

/** What people do about the rows that they read: failed snapshots go, and wishes that nobody can read. */
export const putRight = ({ core, witness, log }: Stage): void => {
  for (const region of regions) {
    const { clusters, redshiftClusters, clusterSnapshots } = core.world.store(region);
    for (const cluster of [...clusters.values(), ...redshiftClusters.values()])
      cluster.tags = new Map([...cluster.tags].filter(([key, value]) => isRead(key, value)));
    for (const { id, arn, status } of [...clusterSnapshots.values()].filter((one) => isProducts(one))) {
      if (status !== "failed") continue;
      witness.touch({ region, id }, true);
      log.write(`somebody deletes ${id}, which failed`);
      core.world.works.failDependents(arn, core.clock.now());
      clusterSnapshots.delete(id);
    }
  }
};

/** A copy region is read by no plan without copies. */
const isRead = (key: string, value: string): boolean =>
  readable[key] === undefined || (readable[key].includes(value) && value !== copyRegion);
