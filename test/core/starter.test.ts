import { describe, expect, it } from "vitest";
import { type FleetSurvey, surveyFleet } from "../../lib/core/fleet-survey.ts";
import { type StarterInput, starterText } from "../../lib/core/starter.ts";
import { clusterOf } from "./samples.ts";

const surveyOf = (...tags: readonly Readonly<Record<string, string>>[]): FleetSurvey =>
  surveyFleet(tags.map((some) => clusterOf({ tags: some, encrypted: false })));

const linesOf = (differs: Partial<StarterInput> = {}): readonly string[] =>
  starterText({ home: "us-east-1", ...differs }).split("\n");

const linesWith = (text: string, differs: Partial<StarterInput> = {}): readonly string[] =>
  linesOf(differs).filter((line) => line.includes(text));

describe("a holdfast.yml to begin with", () => {
  it("is this one where nobody looked", () => {
    expect(linesOf()).toEqual([
      "# The plans: what is backed up, how often, where to, and for how long. docs/reference.md of Holdfast explains every word.",
      "regions: [us-east-1] # every region that holds recovery points, now or formerly; a copy region too",
      "plans:",
      "  daily:",
      "    schedule: cron(0 3 * * ? *) # EventBridge's cron or rate",
      "    timezone: UTC # of the schedule, and of retention's days and weeks",
      "    select:",
      "      tags: { backup: [daily] } # every key must match one of its values",
      "      regions: [us-east-1]",
      '      # exclude: { tags: { backup-skip: ["true"] } }',
      "    retention: { keep-last: 2, keep-daily: 7 } # what any rule keeps stays; also keep-weekly, keep-within: 30d …",
      "    # copies: # to another region, which `regions` must have too",
      "    #   - region: us-east-2",
      "    #     kms-key: alias/backup # a key of that region: encrypted snapshots cannot be copied without one",
      "    #     retention: { keep-daily: 3 } # default: the plan's",
      "    # objective: { source: 37h } # the oldest acceptable newest recovery point; alarms hold it",
      "    deadline: 12h # a run stops waiting then; the next one goes on",
      "",
    ]);
  });

  it("begins with what was seen, apart from the rest, and with the editors' schema where there is one", () => {
    const survey = surveyOf({ backup: "daily", team: "a" }, { team: "a" }, { team: "b" });
    expect(linesOf({ survey, schema: "./schema.json" }).slice(0, 8)).toEqual([
      "# yaml-language-server: $schema=./schema.json",
      "# The plans: what is backed up, how often, where to, and for how long. docs/reference.md of Holdfast explains every word.",
      "#",
      "# Seen in us-east-1: 3 clusters (3 Aurora PostgreSQL), 0 encrypted.",
      "# Their tags, and how many clusters have each value:",
      '#   "team": "a" (2), "b" (1)',
      '#   "backup": "daily" (1)',
      "regions: [us-east-1] # every region that holds recovery points, now or formerly; a copy region too",
    ]);
  });

  it("says how many clusters carry the tag that it chose", () => {
    const carried = (survey: FleetSurvey) => linesWith("      tags: {", { survey });
    expect(carried(surveyOf({ backup: "daily" }, {}))).toEqual([
      "      tags: { backup: [daily] } # carried by 1 of 2 clusters",
    ]);
    expect(carried(surveyOf({ backup: "weekly" }))).toEqual([
      "      tags: { backup: [weekly] } # carried by 1 of 1 cluster",
    ]);
    expect(carried(surveyOf({}))).toEqual([
      "      tags: { backup: [daily] } # no cluster carries this yet: tag those that are meant, or choose another tag",
    ]);
  });

  it("shows twenty keys and six values of each, and says that there are more", () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`key-${n}`, "x"]));
    expect(linesWith('#   "key-', { survey: surveyOf(keys(20)) })).toHaveLength(20);
    expect(linesWith("more keys", { survey: surveyOf(keys(20)) })).toEqual([]);
    expect(linesWith('#   "key-', { survey: surveyOf(keys(23)) })).toHaveLength(20);
    expect(linesWith("more keys", { survey: surveyOf(keys(23)) })).toEqual(["#   and 3 more keys"]);
    const values = (count: number) =>
      surveyOf(...Array.from({ length: count }, (_, n) => ({ team: `t${n}` })));
    const six = '#   "team": "t0" (1), "t1" (1), "t2" (1), "t3" (1), "t4" (1), "t5" (1)';
    expect(linesWith('#   "team"', { survey: values(6) })).toEqual([six]);
    expect(linesWith('#   "team"', { survey: values(7) })).toEqual([`${six}, …`]);
  });

  it.each([
    ["daily", "daily"],
    ["Daily-2", "Daily-2"],
    ["2daily", '"2daily"'],
    ["daily!", '"daily!"'],
    ["every day", '"every day"'],
    ["yes", '"yes"'],
    ["ON", '"ON"'],
    ["only", "only"],
    ["y", '"y"'],
    ["null", '"null"'],
    ["true", '"true"'],
  ])("writes the tag's value %s as %s, since YAML reads something else in some words", (value, written) => {
    expect(linesWith("      tags: {", { survey: surveyOf({ backup: value }) })[0]).toContain(
      `{ backup: [${written}] }`,
    );
  });

  it("proposes the nearest region of the partition to copy to, and none where there is no other", () => {
    const proposed = (home: string) => linesWith("- region:", { home }).map((line) => line.slice(18));
    expect(["us-east-2", "eu-west-1", "af-south-1", "cn-north-1"].map(proposed)).toEqual([
      ["us-east-1"],
      ["eu-central-1"],
      ["ap-east-1"],
      ["cn-northwest-1"],
    ]);
    expect(linesWith("copies", { home: "eusc-de-east-1" })).toEqual([]);
  });

  it("proposes a key unless no cluster needs one", () => {
    const proposed = (survey: FleetSurvey) => linesWith("kms-key", { survey }).map((line) => line.slice(10));
    const needed =
      "kms-key: alias/backup # a key of that region: encrypted snapshots cannot be copied without one";
    const later = "# or a key of that region, once clusters are encrypted";
    expect(proposed(surveyFleet([clusterOf()]))).toEqual([needed]);
    expect(proposed(surveyOf({}))).toEqual([`kms-key: none ${later}`]);
    expect(proposed(surveyOf())).toEqual([needed]);
  });
});
