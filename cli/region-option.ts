import { isRegion } from "../lib/core/region.ts";
import { Misuse } from "./exit.ts";

/** Answers a region of AWS; `source` is the option or variable that gave it. */
export const regionOfAws = (source: string, region: string): string => {
  if (isRegion(region)) return region;
  throw new Misuse(`${source} ${region} is no region of AWS; use one such as eu-west-1`);
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
