import { expect, it } from "vitest";
import { costOf } from "../../lib/core/cost.ts";

const orders = { engine: "aurora-postgresql", sizeGib: 100, points: 24, copies: 1 } as const;

it("counts every snapshot at its full size, and every copy as sent", () => {
  expect(costOf([orders], 30)).toMatchObject({
    unknown: 0,
    storageGib: 2400,
    transferGib: 100,
    transferGibMonth: 3000,
    // 100 GiB times 24 at 0.021, and 100 GiB times 30 at 0.02: docs/deploy.md comes to the same.
    storageDollarsMonth: 50.4,
    transferDollarsMonth: 60,
  });
});

it("takes each engine's own price", () => {
  const dollars = (engine: "mysql" | "redshift") => costOf([{ ...orders, engine }], 30).storageDollarsMonth;
  expect([dollars("mysql"), dollars("redshift")]).toEqual([228, 57.6]);
});

it("names how many clusters it does not count, and the table's date", () => {
  const cost = costOf([orders, { ...orders, sizeGib: undefined }, { ...orders, copies: 0 }], 4);
  expect(cost).toMatchObject({ unknown: 1, storageGib: 4800, transferGib: 100, transferGibMonth: 400 });
  expect(cost.prices.date).toMatch(/^\d{4}-\d\d-\d\d$/);
});

it("is nothing for a plan that means nothing", () => {
  expect(costOf([], 30)).toMatchObject({ unknown: 0, storageGib: 0, transferDollarsMonth: 0 });
});
