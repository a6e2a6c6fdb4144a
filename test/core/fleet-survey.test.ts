import { describe, expect, it } from "vitest";
import type { Tags } from "../../lib/core/cluster.ts";
import { chooseTag, surveyFleet } from "../../lib/core/fleet-survey.ts";
import { clusterOf } from "./samples.ts";

const surveyOf = (...tags: readonly Tags[]) => surveyFleet(tags.map((some) => clusterOf({ tags: some })));

describe("what an account's clusters are", () => {
  it("is counted, the most frequent first, and what is as frequent by its name", () => {
    const clusters = [
      clusterOf({ engine: "docdb", tags: { team: "b", "aws:cloudformation:stack": "x", "RDS:own": "y" } }),
      clusterOf({ engine: "neptune", encrypted: false, tags: { team: "a", app: "shop" } }),
      clusterOf({ engine: "neptune", tags: { team: "a", app: "shop", "my-aws:note": "z" } }),
      clusterOf({ tags: undefined }),
    ];
    expect(surveyFleet(clusters)).toEqual({
      ...{ clusters: 4, encrypted: 3 },
      engines: [
        { engine: "Neptune", clusters: 2 },
        { engine: "Aurora PostgreSQL", clusters: 1 },
        { engine: "DocumentDB", clusters: 1 },
      ],
      tags: [
        {
          ...{ key: "team", clusters: 3 },
          values: [
            { value: "a", clusters: 2 },
            { value: "b", clusters: 1 },
          ],
        },
        { key: "app", clusters: 2, values: [{ value: "shop", clusters: 2 }] },
        { key: "my-aws:note", clusters: 1, values: [{ value: "z", clusters: 1 }] },
      ],
    });
  });
});

describe("the tag that a starting plan goes by", () => {
  const usual = { key: "backup", value: "daily", clusters: 0 };

  it("speaks of backups and does not deny them", () => {
    expect(chooseTag(surveyOf({ team: "a", DbBackup: "nightly" }))).toEqual({
      ...{ key: "DbBackup", value: "nightly", clusters: 1 },
    });
    for (const key of [
      "backup-skip",
      "backup:exclude",
      "backup-optout",
      "Backup-Opt-Out",
      "disable-backup",
      "NoBackup",
    ])
      expect(chooseTag(surveyOf({ [key]: "daily" }))).toEqual(usual);
    expect(chooseTag(surveyOf({ "annotated-backup": "daily" }))).toMatchObject({ key: "annotated-backup" });
  });

  it("has the most frequent value that means one", () => {
    const denials = ["", "false", "No", "off", "none", "never", "0"].map((backup) => ({ backup }));
    expect(chooseTag(surveyOf(...denials))).toEqual(usual);
    expect(chooseTag(surveyOf(...denials, ...denials, { backup: "10" }))).toEqual({
      ...{ key: "backup", value: "10", clusters: 1 },
    });
    expect(
      chooseTag(surveyOf({ backup: "no" }, { backup: "no" }, { "backup-plan": "weekly" })),
    ).toMatchObject({
      key: "backup-plan",
    });
  });

  it("is the usual one where there is none, and where nobody looked", () => {
    expect(chooseTag(surveyOf({ team: "a" }))).toEqual(usual);
    expect(chooseTag(undefined)).toEqual({ ...usual, clusters: null });
  });
});
