import { describe, expect, it } from "vitest";
import { skippedRuns } from "../../lib/core/daylight.ts";
import { planWarnings } from "../../lib/core/plan-warnings.ts";
import { parseSchedule } from "../../lib/core/schedule.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";

const now = Date.parse("2026-11-25T00:00:00Z");

const warningsOf = (lines: readonly string[], changes: Readonly<Record<string, string>> = {}) => {
  const words = {
    schedule: "cron(0 3 * * ? *)",
    retention: "{ keep-daily: 7 }",
    select: "{ tags: { backup: [daily] } }",
    ...changes,
  };
  const plan = [...Object.entries(words).map(([key, value]) => `${key}: ${value}`), ...lines];
  const text = `plans:\n  daily:\n${plan.map((line) => `    ${line}\n`).join("")}`;
  return planWarnings(parseConfig(text, { path: "holdfast.yml", home: "us-east-1" }), now).map(
    ({ code, path, message }) => `${code} ${path.join(".")} ${message}`,
  );
};

describe("warnings about a plan", () => {
  it("are none where there is nothing to say", () => {
    expect(warningsOf(["copies: [{ region: eu-west-1, kms-key: alias/backup }]"])).toEqual([]);
  });

  it("tell of a copy without a key, unless it says none or Redshift copies by itself", () => {
    const copies = "copies: [{ region: eu-west-1 }]";
    expect(warningsOf([copies])).toEqual([
      expect.stringMatching(
        /^no-kms-key plans\.daily\.copies\.0 names no kms-key, .* key of eu-west-1, .*; packaging refuses it as it is$/,
      ),
    ]);
    expect(warningsOf(["copies: [{ region: eu-west-1, kms-key: none }]"])).toEqual([]);
    const select = "{ tags: { backup: [daily] }, engines: [redshift] }";
    expect(warningsOf([copies], { select })).toEqual([]);
  });

  it("name the date on which a run is left out", () => {
    const schedule = "cron(30 2 * * ? *)";
    expect(warningsOf([], { schedule })).toEqual([]);
    expect(warningsOf(["timezone: Europe/Berlin"], { schedule })).toEqual([
      expect.stringMatching(
        /^daylight-saving plans\.daily\.schedule has no run on 2027-03-28: 02:30 is left out .* in Europe\/Berlin, .*; use another hour/,
      ),
    ]);
  });

  it("tell of a schedule whose years are over", () => {
    const over =
      "schedule-over plans.daily.schedule has no run any more: its years are over; name years to come, or * for all";
    expect(warningsOf([], { schedule: "cron(0 3 * * ? 2024-2025)" })).toEqual([over]);
    expect(warningsOf([], { schedule: "cron(0 3 23-24 11 ? 2026)" })).toEqual([over]);
    expect(warningsOf([], { schedule: "cron(0 3 23-26 11 ? 2026)" })).toEqual([]);
  });

  it("tell of an objective that is shorter than the time between two runs", () => {
    expect(warningsOf(["objective: { source: 25h, copy: 1h }"])).toEqual([]);
    const both = warningsOf([
      "objective: { source: 24h, copy: 23h }",
      "copies: [{ region: eu-west-1, kms-key: none }]",
    ]);
    expect(both).toEqual([
      "objective plans.daily.objective.source is 24h, and runs are up to 24h15min apart: it is missed before every " +
        "such run; use more than 24h15min, or more runs",
      expect.stringMatching(/objective\.copy is 23h, and runs are up to 24h15min apart/),
    ]);
  });

  it("tell for how few clusters a policy leaves room, in each place that has one", () => {
    const retention = "{ keep-last: 2, keep-daily: 7, keep-weekly: 4, keep-monthly: 12 }";
    const engines = "{ tags: { backup: [daily] }, engines: [docdb] }";
    const said = (room: string) =>
      `keeps up to 22 recovery points of a cluster, and the next run takes one more: a region has room for ${room}`;
    const rds = "4 RDS-family clusters by the default quota of 100 manual snapshots";
    expect(warningsOf([], { retention })).toEqual([
      `quota plans.daily.retention ${said(rds)} and no Redshift clusters by the default quota of 20 manual ` +
        "snapshots; keep fewer, or have AWS raise the quota",
    ]);
    const copies = `copies: [{ region: eu-west-1, kms-key: none, retention: ${retention} }, { region: eu-west-2, kms-key: none }]`;
    expect(warningsOf([copies], { select: engines })).toEqual([
      `quota plans.daily.copies.0.retention ${said(rds)}; keep fewer, or have AWS raise the quota`,
    ]);
  });

  it("count the floor, and what no rule removes", () => {
    expect(warningsOf(["floor: 40"])).toEqual([expect.stringContaining("keeps up to 40 recovery points")]);
    expect(warningsOf([], { retention: "{}" })).toEqual([
      expect.stringContaining("has no rule and keeps everything: in the end a region has room for no RDS"),
    ]);
  });

  it("tell of a role that may write any tag", () => {
    expect(warningsOf(['carry-tags: ["*"]'])).toEqual([
      expect.stringMatching(/^all-tags plans\.daily\.carry-tags .* name the tag keys/),
    ]);
    expect(warningsOf(["carry-tags: [team]"])).toEqual([]);
  });
});

describe("runs that are left out", () => {
  const skipped = (text: string, zone: string) => {
    const verdict = parseSchedule(text);
    return "schedule" in verdict ? skippedRuns(verdict.schedule, zone, now) : expect.fail(text);
  };

  it.each([
    ["cron(30 2 * * ? *)", "Europe/Berlin", ["2027-03-28T02:30", "2028-03-26T02:30"]],
    ["cron(0 2 * * ? *)", "America/New_York", ["2027-03-14T02:00", "2028-03-12T02:00"]],
    ["cron(0 3 * * ? *)", "America/New_York", []],
    ["cron(15 0/2 * * ? *)", "America/New_York", ["2027-03-14T02:15", "2028-03-12T02:15"]],
    ["cron(0 * * * ? *)", "America/New_York", []],
    ["cron(0 2,3 * * ? *)", "America/New_York", []],
    ["cron(0 2,14 * * ? *)", "America/New_York", ["2027-03-14T02:00", "2028-03-12T02:00"]],
    ["cron(0 2 ? * MON *)", "America/New_York", []],
    ["cron(0 2 ? * SUN 2027)", "America/New_York", ["2027-03-14T02:00"]],
    ["cron(15 2 * * ? *)", "Australia/Lord_Howe", ["2027-10-03T02:15", "2028-10-01T02:15"]],
    ["cron(30 0 * * ? *)", "America/Havana", ["2027-03-14T00:30", "2028-03-12T00:30"]],
    ["cron(30 2 * * ? *)", "UTC", []],
    ["rate(1 day)", "Europe/Berlin", []],
  ])("of %s in %s are %j", (text, zone, times) => {
    expect(skipped(text, zone).slice(0, times.length || undefined)).toEqual(times);
  });
});
