import { externalDataInterceptor } from "@smithy/core/config";
import { Sha256 } from "./sha256.ts";

/** What the SDK would otherwise look for in that environment, in vain, for each client; and a quicker hash. */
export const sdkSettings = {
  ...{ authSchemePreference: [], defaultsMode: "legacy", retryMode: "standard" },
  ...{ ignoreConfiguredEndpointUrls: true, useDualstackEndpoint: false, useFipsEndpoint: false },
  ...{ userAgentAppId: async () => undefined, sha256: Sha256 },
};

const nowhere = "/nowhere/of/a/simulation";

/**
 * Takes from the SDK what it would read of this machine: variables, and the files of profiles, whose reading would
 * also bring the file system's own time into the order of things. Answers the function that gives the variables back.
 */
export const secludeSdk = (): (() => void) => {
  const held = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
  for (const [name] of held) delete process.env[name];
  process.env.AWS_CONFIG_FILE = nowhere;
  process.env.AWS_SHARED_CREDENTIALS_FILE = nowhere;
  externalDataInterceptor.interceptFile(nowhere, "");
  return () => {
    delete process.env.AWS_CONFIG_FILE;
    delete process.env.AWS_SHARED_CREDENTIALS_FILE;
    for (const [name, value] of held) process.env[name] = value;
  };
};
