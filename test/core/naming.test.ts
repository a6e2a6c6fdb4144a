import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../../lib/core/cluster.ts";
import {
  attemptName,
  attemptNames,
  attemptOf,
  attemptsMax,
  baseName,
  isOurName,
  type NameInput,
  snapshotName,
} from "../../lib/core/naming.ts";
import { clusterOf, runAt } from "./samples.ts";

const rdsForm = /^[a-z](?!.*--)[a-z0-9-]{0,62}$/;

/** What holdfast.yml accepts as a plan's name. */
const anyPlan = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
const anyId = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.stringMatching(/^[a-zA-Z0-9-]{1,63}$/),
);
const anyTime = fc.date({
  min: new Date("1970-01-01"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});
const anyInput: fc.Arbitrary<NameInput> = fc
  .record({
    service: fc.string(),
    plan: anyPlan,
    at: anyTime,
    id: anyId,
    arn: fc.string(),
    resource: fc.string(),
  })
  .map(({ service, plan, at, ...cluster }) => ({ service, run: { plan, at: at.toISOString() }, cluster }));

const inputOf = (
  differs: Partial<NameInput["run"]> & { service?: string; cluster?: Partial<Cluster> } = {},
): NameInput => {
  const { service = "holdfast/prod", cluster, ...run } = differs;
  return { service, run: { plan: "daily", at: runAt, ...run }, cluster: clusterOf(cluster) };
};

describe("a snapshot's name", () => {
  it("is one that RDS takes, whatever plan and cluster are called, with every attempt's suffix", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        for (const name of attemptNames(snapshotName(input))) {
          expect(name).toMatch(rdsForm);
          expect(name.endsWith("-")).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is recognised as ours, and tells its attempt and its first attempt's name", () => {
    fc.assert(
      fc.property(anyInput, fc.integer({ min: 1, max: attemptsMax }), (input, attempt) => {
        const name = snapshotName(input);
        expect(isOurName(attemptName(name, attempt))).toBe(true);
        expect(attemptOf(attemptName(name, attempt))).toBe(attempt);
        expect(baseName(attemptName(name, attempt))).toBe(name);
      }),
    );
  });

  it("is the same for the same run, and wherever the run's time is written in another zone", () => {
    expect(snapshotName(inputOf())).toBe("holdfast-daily-orders-ajf5ljfk-20261121t030000z");
    expect(snapshotName(inputOf({ at: "2026-11-21T04:00:00.250+01:00" }))).toBe(snapshotName(inputOf()));
  });

  it("is in small letters, as RDS stores it", () => {
    expect(snapshotName(inputOf({ cluster: { id: "ORDERS_EU.1" } }))).toMatch(/^holdfast-daily-orders-eu-1-/);
  });

  it("ends exactly at RDS's limit where plan and cluster are long", () => {
    const name = snapshotName(inputOf({ plan: "every-quarter-of-an-hour", cluster: { id: "a".repeat(63) } }));
    expect(attemptName(name, 3)).toHaveLength(63);
  });

  it("has no hyphen left over where the cut falls on one", () => {
    expect(snapshotName(inputOf({ plan: "daily", cluster: { id: "abcdefghijklmnopqrs-tuvw" } }))).toMatch(
      /^holdfast-daily-abcdefghijklmnopqrs-[a-z2-7]{8}-2/,
    );
  });
});

describe("what would be confused without the hash", () => {
  const long = "orders-of-the-european-customers";
  const request = { reason: "before upgrade", hold: "audit", until: "2027-01-01T00:00:00Z" };
  const cases: readonly (readonly [string, NameInput, NameInput])[] = [
    [
      "two clusters whose names differ past the cut",
      inputOf({ cluster: { id: `${long}-1` } }),
      inputOf({ cluster: { id: `${long}-2` } }),
    ],
    [
      "clusters whose names differ only in what is cut out",
      inputOf({ cluster: { id: "a-b", arn: "arn:1" } }),
      inputOf({ cluster: { id: "a--b", arn: "arn:2" } }),
    ],
    [
      "two source regions copying into one destination",
      inputOf(),
      inputOf({ cluster: { region: "us-west-2" } }),
    ],
    ["two stages in one account", inputOf(), inputOf({ service: "holdfast/dev" })],
    ["a cluster and its re-creation", inputOf(), inputOf({ cluster: { resource: "cluster-ZZZ" } })],
    [
      "plan and cluster sharing their words otherwise",
      inputOf({ plan: "a", cluster: { id: "b-c" } }),
      inputOf({ plan: "a-b", cluster: { id: "c" } }),
    ],
    ["the schedule and a request at its time", inputOf(), inputOf({ request: {} })],
    [
      "requests of two reasons",
      inputOf({ request }),
      inputOf({ request: { ...request, reason: "after upgrade" } }),
    ],
    ["requests with two holds", inputOf({ request }), inputOf({ request: { ...request, hold: "court" } })],
    [
      "requests until two times",
      inputOf({ request }),
      inputOf({ request: { ...request, until: "2028-01-01T00:00:00Z" } }),
    ],
    [
      "a reason and a hold of the same words",
      inputOf({ request: { reason: "x" } }),
      inputOf({ request: { hold: "x" } }),
    ],
    ["two requests a second apart", inputOf({ request }), inputOf({ request, at: "2026-11-21T03:00:01Z" })],
  ];

  it.each(cases)("stays apart: %s", (_what, one, other) => {
    expect(snapshotName(one)).not.toBe(snapshotName(other));
  });
});

describe("recognising our names", () => {
  const ours = snapshotName(inputOf());

  it.each([ours, `${ours}-2`, `${ours}-3`, `copy:${ours}`, `copy:${ours}-2`])("knows %s", (id) => {
    expect(isOurName(id)).toBe(true);
  });

  it.each([
    ["an automated snapshot's", `rds:${ours}`],
    ["an AWS Backup one's", `awsbackup:job-${ours}`],
    ["one with something before it", `x${ours}`],
    ["one with something after it", `${ours}-final`],
    ["one with a line after it", `${ours}\n`],
    ["a first attempt that is written out", `${ours}-1`],
    ["a tenth attempt", `${ours}-10`],
    ["another product's", "holdfast-prod-2026-11-21"],
    ["one in capitals", ours.toUpperCase()],
    ["one without a time", ours.slice(0, -17)],
    ["one with a hash of digits that base32 lacks", "holdfast-daily-orders-00118899-20261121t030000z"],
    ["one with nothing readable", "holdfast--2dvkxlrp-20261121t030000z"],
    ["one with a double hyphen", "holdfast-daily--orders-2dvkxlrp-20261121t030000z"],
    ["one that is longer than any of ours", `holdfast-${"a".repeat(27)}-2dvkxlrp-20261121t030000z`],
    ["a copy of a copy", `copy:copy:${ours}`],
    ["nothing", ""],
  ])("leaves alone %s", (_what, id) => {
    expect(isOurName(id)).toBe(false);
  });

  it("leaves alone every name that has one character more or less", () => {
    fc.assert(
      fc.property(fc.nat(ours.length - 1), (at) => {
        expect(isOurName(`${ours.slice(0, at)}_${ours.slice(at)}`)).toBe(false);
        expect(isOurName(`${ours.slice(0, at)}_${ours.slice(at + 1)}`)).toBe(false);
      }),
    );
  });
});
