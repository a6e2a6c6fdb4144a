import { describe, expect, it } from "vitest";
import { whyForeign } from "../../lib/core/foreign.ts";
import { ownedBy, tagKeys } from "../../lib/core/ownership.ts";
import { service, snapshotOf } from "./samples.ts";

const ours = snapshotOf();
const without = (key: string) => {
  const { [key]: _, ...tags } = ours.tags ?? {};
  return { ...ours, tags };
};

describe("why a snapshot is not ours", () => {
  it("is not said of one that is", () => {
    expect(whyForeign(service, ours)).toBeUndefined();
  });

  it.each([
    ["told without tags", { ...ours, tags: undefined }, "AWS told no tags"],
    ["anyone's", { ...ours, tags: {} }, "no tag holdfast:service"],
    [
      "another stage's",
      { ...ours, tags: { ...ours.tags, [tagKeys.service]: "holdfast/b" } },
      /^of holdfast\/b/,
    ],
    ["automated", { ...ours, manual: false }, "not a manual snapshot"],
    ["under another name", { ...ours, id: "orders-by-hand" }, "not a name of ours"],
    ["of no plan", without(tagKeys.plan), "no tag holdfast:plan"],
    ["of no cluster", without(tagKeys.cluster), "no tag holdfast:cluster"],
    ["of no resource", without(tagKeys.resource), "no tag holdfast:resource"],
    ["of no time", without(tagKeys.takenAt), "no tag holdfast:taken-at"],
    [
      "of what is no time",
      { ...ours, tags: { ...ours.tags, [tagKeys.takenAt]: "last night" } },
      "tag holdfast:taken-at is no time",
    ],
  ])("is said of one that is %s", (_, snapshot, words) => {
    expect(ownedBy(service, snapshot)).toBeUndefined();
    expect(whyForeign(service, snapshot)).toMatch(words);
  });
});
