import type { Context } from "./iam.ts";
import type { KmsKey } from "./keys.ts";
import type { World } from "./world.ts";

/** What KMS tells IAM of a key: who asks for it, and by which names it goes. */
export const keyContext = (world: World, key: KmsKey, callerAccount: string): Context => {
  const { aliases } = world.store(key.region, key.account);
  const names = [...aliases].filter(([, id]) => id === key.id).map(([name]) => name);
  return {
    "kms:CallerAccount": callerAccount,
    ...(names.length > 0 && { "kms:ResourceAliases": names }),
  };
};
