import { parseKnownFiles } from "@smithy/core/config";
import { Misuse } from "./exit.ts";

/**
 * Has every client that is made from now on call as the profile that `--profile` names, or else `AWS_PROFILE`. One that is
 * not there is refused, as by the `aws` command: the SDK passes over it, and calls at the last with the role of the
 * machine, which may be another account's.
 */
export const takeProfile = async (option: string | undefined): Promise<void> => {
  const profile = option ?? (process.env.AWS_PROFILE || undefined);
  if (profile === undefined) return;
  const known = Object.keys(await parseKnownFiles({})).filter((name) => !otherSections.test(name));
  if (!known.includes(profile))
    throw new Misuse(unknown(option === undefined ? "AWS_PROFILE" : "--profile", profile, known));
  process.env.AWS_PROFILE = profile;
};

/** The files' other sections come with their kind before the name; a profile's own name may have a dot. */
const otherSections = /^(sso-session|services)\./;

const unknown = (named: string, profile: string, known: readonly string[]): string =>
  `${named} ${profile} is not in your AWS configuration; ` +
  (known.length === 0 ? "it has no profiles" : `its profiles are: ${known.join(", ")}`);
