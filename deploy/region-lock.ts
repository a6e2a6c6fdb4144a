import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { ConfigError } from "../lib/errors.ts";

/** Beside holdfast.yml, and committed with it. */
export const regionLockPath = "holdfast.lock.json";

const schema = z.strictObject({ regions: z.array(z.string()) });

/** The regions that packages before this one kept recovery points in; none before the first. */
export const readRegionLock = (): readonly string[] => {
  const text = readIfThere();
  if (text === undefined) return [];
  try {
    return schema.parse(JSON.parse(text)).regions;
  } catch (error) {
    const message = `${regionLockPath} is damaged; take it from version control, or list every region in it that holds recovery points`;
    throw new ConfigError(message, { cause: error });
  }
};

/** Regions are only ever added here: to take one out is a person's decision. */
export const writeRegionLock = (regions: readonly string[]): void => {
  const known = [...new Set([...readRegionLock(), ...regions])].toSorted();
  const text = `${JSON.stringify({ regions: known })}\n`;
  if (text !== readIfThere()) writeFileSync(regionLockPath, text);
};

const readIfThere = (): string | undefined => {
  try {
    return readFileSync(regionLockPath, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};
