import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arnOf, arnPatternOf } from "../../lib/core/snapshot.ts";

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
