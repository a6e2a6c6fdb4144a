import { describe, expect, it } from "vitest";
import { tellPlainly } from "../../cli/aws-words.ts";
import { changes, type Foreseen } from "../../cli/plan-changes.ts";
import { type ForetoldRun, type PreviewedCluster, unforetold } from "../../cli/preview-document.ts";
import type { ProblemCode } from "../../lib/core/problem.ts";

/** What a gate is told of two configurations, by what each of them is foreseen to do. */

const region = "us-east-1";
const told = (code: ProblemCode, cluster = "orders") => tellPlainly({ cluster, region, code });

const clusterWith = (differs: Partial<PreviewedCluster> = {}): PreviewedCluster => ({
  ...{ cluster: "orders", arn: "", engine: "aurora-mysql", region, because: "tag backup=daily" },
  ...{ action: "take", snapshot: "one", copies: [], prune: [], keep: [], problems: [] },
  ...differs,
});

const runOf = (cluster: Partial<PreviewedCluster>, problems: ForetoldRun["problems"] = []): ForetoldRun => ({
  ...unforetold({ plan: "daily", at: "2026-11-20T03:00:00Z", timeZone: "UTC" }, problems),
  ...{ run: "daily-20261120t030000z", outcome: "complete", clusters: [clusterWith(cluster)] },
});

const foreseen = (run: ForetoldRun, sweep: Partial<Foreseen["sweep"]> = {}): Foreseen => ({
  runs: [run],
  sweep: { sets: [], unlisted: [], ...sweep },
});

const plainly = foreseen(runOf({}));
const codesIn = (now: Foreseen, then: Foreseen) => changes(now, then, []).problems.map(({ code }) => code);

describe("what is told of two configurations", () => {
  it.each(["unlisted", "prune-suspended", "tags-unknown", "lost"] as const)(
    "is what was not seen, also where it is so with both: %s",
    (code) => {
      const blind = foreseen(runOf({}, [told(code)]));
      expect(codesIn(blind, blind)).toEqual([code]);
      expect([codesIn(blind, plainly), codesIn(plainly, blind)]).toEqual([[code], [code]]);
    },
  );

  it("is of other problems what only the changed one has", () => {
    const [one, two] = [[told("stopped")], [told("stopped"), told("brake"), told("stopped", "carts")]];
    const both = changes(foreseen(runOf({}, one)), foreseen(runOf({}, two)), []).problems;
    expect(both.map(({ cluster, code }) => [cluster, code])).toEqual([
      ["orders", "brake"],
      ["carts", "stopped"],
    ]);
    expect(codesIn(foreseen(runOf({}, two)), foreseen(runOf({}, one)))).toEqual([]);
  });

  it("is what was not seen of Sweep's places, and what stops Sweep only then", () => {
    const set = { key: "one", removes: [], problems: [told("brake")] };
    expect(codesIn(foreseen(runOf({}), { unlisted: [told("unlisted", "*")] }), plainly)).toEqual([
      "unlisted",
    ]);
    expect(codesIn(plainly, foreseen(runOf({}), { sets: [set] }))).toEqual(["brake"]);
    expect(codesIn(foreseen(runOf({}), { sets: [set] }), plainly)).toEqual([]);
  });

  it("is each plan of which nothing was foretold, once, though both have it", () => {
    const plan = (name: string): ForetoldRun =>
      unforetold({ plan: name, at: "2026-11-20T03:00:00Z", timeZone: "UTC" }, [told("unlisted", "*")]);
    const blind: Foreseen = { ...plainly, runs: [plan("west"), plan("weekly")] };
    expect(codesIn(blind, blind)).toEqual(["unlisted", "unlisted"]);
    expect(codesIn(plainly, blind)).toEqual(["unlisted", "unlisted"]);
  });
});

describe("the differences between two configurations", () => {
  const copies = (action: "start" | "arrives" | "there" | "none") => [
    { region: "eu-west-1", action, id: "one", kmsKey: null },
  ];
  const point = { region, id: "old", because: ["no rule keeps it"] };
  const removes = [{ plan: "gone", region, id: "orphan", because: "swept" }];
  const swept = { sets: [{ key: "set", removes, problems: [] }] };

  it("are what happens with one and not with the other, each told on its side", () => {
    for (const [what, more] of [
      ["copied", runOf({ copies: copies("start") })],
      ["copied", runOf({ copies: copies("arrives") })],
      ["pruned", runOf({ prune: [point] })],
    ] as const) {
      const [gains, loses] = [changes(plainly, foreseen(more), []), changes(foreseen(more), plainly, [])];
      expect([gains[what].more.length, gains[what].fewer.length]).toEqual([1, 0]);
      expect([loses[what].more.length, loses[what].fewer.length]).toEqual([0, 1]);
    }
    const none = changes(plainly, foreseen(runOf({ action: "none" })), []);
    expect([none.taken.more, none.taken.fewer.map(({ id }) => id)]).toEqual([[], ["orders"]]);
  });

  it("are of each cluster, though another of its name goes on as before", () => {
    const [east, west] = ["us-east-1", "us-west-2"].map((place) =>
      clusterWith({ arn: `arn:${place}`, region: place, copies: copies("start") }),
    );
    if (!east || !west) throw new Error("there is no cluster");
    const [one, two] = [[east], [east, west]].map((clusters) => foreseen({ ...runOf({}), clusters }));
    if (!one || !two) throw new Error("there is no run");
    const [gains, loses] = [changes(one, two, []), changes(two, one, [])];
    for (const [more, fewer] of [
      [gains.taken.more, gains.taken.fewer],
      [gains.copied.more, gains.copied.fewer],
      [loses.taken.fewer, loses.taken.more],
      [loses.copied.fewer, loses.copied.more],
    ])
      expect([more?.length, fewer?.length]).toEqual([1, 0]);
    expect(gains.copied.more[0]?.because).toBe("from us-west-2, without a key");
  });

  it("are no copy that is there already, or that is not made", () => {
    for (const action of ["there", "none"] as const)
      expect(changes(plainly, foreseen(runOf({ copies: copies(action) })), []).copied.more).toEqual([]);
  });

  it("are Sweep's deletions as well; told apart where no run visits the set only then", () => {
    const more = changes(plainly, foreseen(runOf({}), swept), []);
    expect([more.pruned.more, more.swept]).toEqual([removes, removes]);
    const same = changes(foreseen(runOf({}), swept), foreseen(runOf({}), swept), []);
    expect([same.pruned.more, same.swept]).toEqual([[], []]);
  });
});
