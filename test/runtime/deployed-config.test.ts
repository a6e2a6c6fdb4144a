import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ConfigError } from "../../lib/errors.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { loadDeployedConfig } from "../../lib/runtime/deployed-config.ts";
import { home, plainPlan } from "../night.ts";
import { layConfig } from "./deployment.ts";

const refusalOf = (path: string): Error => {
  try {
    loadDeployedConfig(path, home);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error(`${path} was not refused`);
};

describe("the deployed configuration", () => {
  it("says the same as the holdfast.yml that it was made from", () => {
    const path = layConfig(JSON.stringify(parse(plainPlan)));
    expect(loadDeployedConfig(path, home)).toEqual(parseConfig(plainPlan, { path: "holdfast.yml", home }));
  });

  it("means the region that it is deployed in where it names none", () => {
    const path = layConfig(JSON.stringify(parse(plainPlan)));
    expect(loadDeployedConfig(path, "ap-south-1").plans.daily?.select.regions).toEqual(["ap-south-1"]);
  });

  it("is checked once more, and refused whole, with every mistake and what to do", () => {
    const broken = plainPlan.replace("keep-daily: 3", "keep-daily: seven").replace("26h", "soon");
    const path = layConfig(JSON.stringify(parse(broken)));
    const { message } = refusalOf(path);
    expect(message).toMatch(/^.*holdfast\.json: plans\.daily\.retention\.keep-daily use a whole number/);
    expect(message).toMatch(/; plans\.daily\.objective\.source .*; package the service again$/);
  });

  it.each([
    ["is not there", () => "/no/such.json"],
    ["is not JSON", () => layConfig(plainPlan)],
    ["was cut off", () => layConfig('{"plans": {')],
  ])("says so when it %s", (_, path) => {
    expect(refusalOf(path()).message).toMatch(
      /^cannot read .*; package the service again, or set HOLDFAST_CONFIG$/,
    );
  });
});
