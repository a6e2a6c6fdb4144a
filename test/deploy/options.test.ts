import { afterEach, describe, expect, it, vi } from "vitest";
import { readPackageOptions } from "../../deploy/options.ts";

describe("the home region of a package", () => {
  afterEach(() => vi.unstubAllEnvs());

  const regionOf = (
    args: readonly string[],
    [own, usual]: readonly (string | undefined)[],
  ): string | undefined => {
    vi.stubEnv("AWS_REGION", own);
    vi.stubEnv("AWS_DEFAULT_REGION", usual);
    const options = readPackageOptions(args);
    // The framework is told the same, and never left to find another.
    expect(options?.words).toContain(`--region=${options?.region}`);
    return options?.region;
  };

  it("is found as every command finds it", () => {
    expect(regionOf(["--region", "eu-west-3"], ["eu-west-1", "eu-west-2"])).toBe("eu-west-3");
    expect(regionOf([], ["eu-west-1", "eu-west-2"])).toBe("eu-west-1");
    expect(regionOf([], [undefined, "eu-west-2"])).toBe("eu-west-2");
    expect(regionOf([], [])).toBe("us-east-1");
  });
});
