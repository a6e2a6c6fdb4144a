import { describe, expect, it } from "vitest";
import { readDeployWords, readPackageOptions } from "../../deploy/options.ts";

describe("the home region of a package", () => {
  const regionOf = (args: readonly string[], variables: NodeJS.ProcessEnv): string | undefined => {
    const options = readPackageOptions(args, variables);
    // The framework is told the same, and never left to find another.
    expect(options?.words).toContain(`--region=${options?.region}`);
    return options?.region;
  };
  const usual = { AWS_DEFAULT_REGION: "eu-west-2" };
  const both = { AWS_REGION: "eu-west-1", ...usual };

  it("is found as every command finds it", () => {
    expect(regionOf(["--region", "eu-west-3"], both)).toBe("eu-west-3");
    expect(regionOf([], both)).toBe("eu-west-1");
    expect(regionOf([], usual)).toBe("eu-west-2");
    expect(regionOf([], {})).toBe("us-east-1");
    expect(regionOf([], { ...usual, AWS_REGION: "" })).toBe("eu-west-2");
    expect(regionOf([], { AWS_REGION: "", AWS_DEFAULT_REGION: "" })).toBe("us-east-1");
  });
});

describe("the stage of a package", () => {
  const stageOf = (args: readonly string[], variables: NodeJS.ProcessEnv): string | undefined => {
    const options = readPackageOptions(args, variables);
    expect(options?.words).toContain(`--stage=${options?.stage}`);
    return options?.stage;
  };

  it("is found as every command finds it", () => {
    expect(stageOf(["--stage", "prod"], { HOLDFAST_STAGE: "test" })).toBe("prod");
    expect(stageOf([], { HOLDFAST_STAGE: "test" })).toBe("test");
    expect(stageOf([], {})).toBe("dev");
    // Which is no name, and refused with what else is wrong.
    expect(stageOf([], { HOLDFAST_STAGE: "" })).toBe("");
  });
});

describe("options that npm took for its own", () => {
  it("are refused: the package would be another stage's", () => {
    const taken = {
      npm_lifecycle_event: "package",
      npm_config_stage: "prod",
      npm_config_param: "tracing=false",
    };
    expect(() => readPackageOptions([], taken)).toThrow(
      "npm took --stage, --param for its own; put two hyphens before all words, as in `npm run package -- --stage prod`",
    );
    expect(readPackageOptions(["--stage", "test", "--param", "tracing=true"], taken)?.stage).toBe("test");
    const deploying = { ...taken, npm_lifecycle_event: "deploy" };
    expect(() => readDeployWords([], deploying)).toThrow("stage, region and parameters are the package's");
    expect(readPackageOptions([], { ...taken, npm_lifecycle_event: "ci" })?.stage).toBe("dev");
  });
});
