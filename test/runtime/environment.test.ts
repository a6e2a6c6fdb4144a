import { describe, expect, it } from "vitest";
import { ConfigError } from "../../lib/errors.ts";
import { readEnvironment, serviceName } from "../../lib/runtime/environment.ts";

describe("what a function's environment tells", () => {
  it("is stage and region, by either of AWS's words, the function's own first", () => {
    const [own, usual] = [{ AWS_REGION: "eu-west-1" }, { AWS_DEFAULT_REGION: "eu-west-2" }];
    expect(readEnvironment({ ...own, ...usual, HOLDFAST_STAGE: "prod" })).toMatchObject({
      ...{ service: "holdfast/prod", home: "eu-west-1" },
    });
    expect(readEnvironment(usual)).toMatchObject({ service: "holdfast/dev", home: "eu-west-2" });
  });

  it.each([{}, { AWS_REGION: "" }])("is no region that nobody has set: %j", (variables) => {
    expect(() => readEnvironment(variables)).toThrow(ConfigError);
    expect(() => readEnvironment(variables)).toThrow("no region is set; set AWS_REGION");
  });

  it("is no stage that tags and names have no room for, or that looks like another", () => {
    expect(serviceName("p".repeat(20))).toBe(`holdfast/${"p".repeat(20)}`);
    for (const stage of ["", "p".repeat(21), "Prod", "1st", "-prod", "prod/eu", "prod ", "prod\n"])
      expect(() => serviceName(stage), stage).toThrow(ConfigError);
  });
});
