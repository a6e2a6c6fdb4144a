import { afterEach, expect, it, vi } from "vitest";
import { openAccount } from "../../cli/account.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { at, holdfast, plansFile } from "./command.ts";

const config = plansFile("regions: [us-east-1]\nplans: {}\n");

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ["the option's", "eu-west-1", "eu-west-2", "eu-west-3", "eu-west-1"],
  ["AWS_REGION's, where no option is given", undefined, "eu-west-2", "eu-west-3", "eu-west-2"],
  ["AWS_DEFAULT_REGION's, where nothing else is", undefined, "", "eu-west-3", "eu-west-3"],
])("the home region is %s", (_, region, own, usual, home) => {
  vi.stubEnv("AWS_REGION", own);
  vi.stubEnv("AWS_DEFAULT_REGION", usual);
  expect(openAccount({ config, stage: "test", ...(region && { region }) }).home).toBe(home);
});

/** Only the profile `prod` has keys that the simulated account knows. */
const profiles = plansFile(`[default]
aws_access_key_id = other
aws_secret_access_key = other
[profile prod]
aws_access_key_id = simulator
aws_secret_access_key = simulator
[profile staging]
aws_access_key_id = other
aws_secret_access_key = other
`);

it.each<[string, readonly string[], NodeJS.ProcessEnv, number]>([
  ["that the option names", ["--profile", "prod"], {}, 0],
  ["that the option names, whatever AWS_PROFILE does", ["--profile", "prod"], { AWS_PROFILE: "staging" }, 0],
  [
    "that the option names, whatever keys are in the environment",
    ["--profile", "prod"],
    { AWS_ACCESS_KEY_ID: "other", AWS_SECRET_ACCESS_KEY: "other" },
    0,
  ],
  ["that AWS_PROFILE names", [], { AWS_PROFILE: "prod" }, 0],
  ["that is the default, where none is named", [], {}, 1],
])("a command calls as the profile %s", async (_, words, variables, status) => {
  const simulator = await startSimulator();
  const { AWS_ENDPOINT_URL, AWS_REGION } = at(simulator.endpoint);
  const files = { AWS_CONFIG_FILE: profiles, AWS_SHARED_CREDENTIALS_FILE: "no-credentials" };
  try {
    const { code, stderr } = await holdfast(["list", "--config", config, ...words], {
      ...{ AWS_ENDPOINT_URL, AWS_REGION, ...files },
      ...variables,
    });
    expect([code, stderr.includes(" in us-east-1: ")]).toEqual([status, status !== 0]);
  } finally {
    await simulator.close();
  }
});
