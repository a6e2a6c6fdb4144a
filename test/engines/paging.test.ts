import { expect, it } from "vitest";
import { assertWhole } from "../../lib/engines/paging.ts";
import { IncompleteListingError } from "../../lib/errors.ts";

it.each([undefined, "", " \n "])("an item whose name is %j is no whole item", (DBClusterIdentifier) => {
  const read = () => assertWhole("rds snapshot", "us-east-1", { Engine: "neptune", DBClusterIdentifier });
  expect(read).toThrow(IncompleteListingError);
  expect(read).toThrow("a rds snapshot in us-east-1 was answered without DBClusterIdentifier");
});

it("an item is whole where each of its fields says something", () => {
  expect(assertWhole("rds snapshot", "us-east-1", { Engine: "neptune" })).toEqual({ Engine: "neptune" });
});
