import { isRegion } from "../lib/core/region.ts";
import { Misuse } from "./exit.ts";

/** Answers a region of AWS; `source` is the option or variable that gave it. */
const regionOfAws = (source: string, region: string): string => {
  if (isRegion(region)) return region;
  throw new Misuse(`${source} ${region} is no region of AWS; use one such as eu-west-1`);
};

/**
 * The home region: what the option or else the environment says, or `otherwise` where nothing is said. Of it the command
 * line speaks, not a line of the plans.
 */
export const homeOf = (region: string | undefined, otherwise = ""): string => {
  // Passed over, what a variable that is not set makes of the option would have the command look from another region.
  if (region === "")
    throw new Misuse("--region is empty; name a region such as eu-west-1, or leave it out for AWS_REGION");
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const given = Object.entries({ "--region": region, AWS_REGION, AWS_DEFAULT_REGION });
  const [source, home] = given.find(([, value]) => value) ?? ["", otherwise];
  if (home) return regionOfAws(source, home);
  throw new Misuse("no region is set; say --region or set AWS_REGION, to the region of the deployed service");
};

/** The region that `--in` names: one of AWS's, and one that is looked at, where only some are. */
export const regionOf = (
  region: string,
  looked?: { readonly regions: readonly string[]; readonly otherwise: string },
): string => {
  if (!isRegion(region)) throw new Misuse(`--in ${region} is no region; use one such as eu-west-1`);
  if (looked === undefined || looked.regions.includes(region)) return region;
  throw new Misuse(
    `--in ${region} is not in holdfast.yml's regions, which are ${looked.regions.join(", ")}; ` +
      `add it there, or ${looked.otherwise}`,
  );
};
