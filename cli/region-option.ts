import { isRegion } from "../lib/core/region.ts";
import { Misuse } from "./exit.ts";

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
