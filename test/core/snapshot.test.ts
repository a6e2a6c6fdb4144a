import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arnOf, arnPatternOf, readStatus } from "../../lib/core/snapshot.ts";

describe("a snapshot's ARN", () => {
  const place = "arn:aws:rds:us-east-1:123456789012:cluster-snapshot:";

  it("is held without the name that it ends with, and read with it", () => {
    const arnPattern = arnPatternOf(`${place}orders-1`, "orders-1");
    expect(arnPattern).toBe(`${place}*`);
    expect(arnOf({ arnPattern, id: "orders-1" })).toBe(`${place}orders-1`);
  });

  it("is held whole where AWS says another name in it than beside it", () => {
    const told = "arn:aws:redshift:eu-west-1:123456789012:snapshot:events/nightly";
    expect(arnOf({ arnPattern: arnPatternOf(told, "copy:nightly"), id: "copy:nightly" })).toBe(told);
  });

  it("is what AWS told, whatever that was", () => {
    const word = fc.stringMatching(/^[a-z0-9:/-]*$/);
    fc.assert(
      fc.property(word, word, fc.boolean(), (before, id, named) => {
        const told = named ? `${before}${id}` : before;
        expect(arnOf({ arnPattern: arnPatternOf(told, id), id })).toBe(told);
      }),
    );
  });
});

describe("AWS's word for a snapshot's status", () => {
  it.each([
    ["copying", "copying"],
    ["pending", "copying"],
    ["creating", "creating"],
    ["available", "available"],
    ["final snapshot", "available"],
    ["failed", "failed"],
    ["cancelled", "failed"],
    ["incompatible-restore", "failed"],
    ["incompatible-parameters", "failed"],
    ["deleting", "deleting"],
    ["deleted", "deleting"],
    // Neither a recovery point nor lost: what no one has documented, or every object answers to.
    ["of-a-new-kind", "unknown"],
    ["Available", "unknown"],
    ["constructor", "unknown"],
    [undefined, "unknown"],
  ])("%s means %s", (word, status) => {
    expect(readStatus(word)).toBe(status);
  });
});
