import type { Engine } from "./cluster.ts";
import { automatedCopyDays } from "./copy-setting.ts";

/**
 * AWS's list prices in USD for us-east-1, from its pricing pages as they were stored when this table was written;
 * other regions differ, mostly by less than a third. Free allowances are not counted.
 */
const prices = {
  date: "2026-11-25",
  region: "us-east-1",
  /** A GiB of manual snapshots for a month. Multi-AZ DB clusters are billed as RDS's backup storage. */
  storage: {
    aurora: 0.021,
    "aurora-mysql": 0.021,
    "aurora-postgresql": 0.021,
    mysql: 0.095,
    postgres: 0.095,
    neptune: 0.021,
    docdb: 0.021,
    redshift: 0.024,
  } satisfies Record<Engine, number>,
  /** A GiB from one region to another. */
  transfer: 0.02,
} as const;

/** What a plan holds of one cluster once its next run is over, and what a run sends of it elsewhere. */
export interface CostedCluster {
  readonly engine: Engine;
  /** Of one snapshot; `undefined` where AWS does not tell. */
  readonly sizeGib: number | undefined;
  /** Recovery points, copies among them. */
  readonly points: number;
  /** Copies that a run makes. */
  readonly copies: number;
  /** Whether AWS begins to copy its automated snapshots as well, by the setting that the run enables. */
  readonly automated?: boolean;
}

/** Redshift takes one every eight hours, or for every 5 GB of changes on a node (management guide, "Snapshots"). */
const automatedPerDay = 3;

/**
 * At most: every snapshot is counted at its full size, as Aurora's are billed; Redshift's and Multi-AZ clusters'
 * share what did not change.
 */
export interface Cost {
  /** Clusters of which AWS tells no size, and that are not counted. */
  readonly unknown: number;
  readonly storageGib: number;
  /** Of the next run. */
  readonly transferGib: number;
  readonly transferGibMonth: number;
  readonly storageDollarsMonth: number;
  readonly transferDollarsMonth: number;
  /** Beside that: automated snapshots of clusters whose copy setting the run enables, and what they cost there. */
  readonly automatedGibMonth: number;
  readonly automatedDollarsMonth: number;
  readonly prices: { readonly date: string; readonly region: string };
}

/** `runs`: of a month. */
export const costOf = (clusters: readonly CostedCluster[], runs: number): Cost => {
  const known = clusters.flatMap(({ sizeGib, ...rest }) =>
    sizeGib === undefined ? [] : { ...rest, sizeGib },
  );
  const sum = (of: (one: (typeof known)[number]) => number) => known.reduce((all, one) => all + of(one), 0);
  const transferGib = sum(({ copies, sizeGib }) => copies * sizeGib);
  const { date, region, storage, transfer } = prices;
  const automatedGib = sum(({ automated, sizeGib }) => (automated ? automatedPerDay * sizeGib : 0));
  const automatedStorage = automatedGib * automatedCopyDays * storage.redshift;
  return {
    unknown: clusters.length - known.length,
    storageGib: round(sum(({ points, sizeGib }) => points * sizeGib)),
    transferGib: round(transferGib),
    transferGibMonth: round(transferGib * runs),
    storageDollarsMonth: round(sum(({ engine, points, sizeGib }) => points * sizeGib * storage[engine])),
    transferDollarsMonth: round(transferGib * runs * transfer),
    automatedGibMonth: round(automatedGib * 30),
    automatedDollarsMonth: round(automatedGib * 30 * transfer + automatedStorage),
    prices: { date, region },
  };
};

/** To a hundredth. */
const round = (figure: number): number => Math.round(figure * 100) / 100;
