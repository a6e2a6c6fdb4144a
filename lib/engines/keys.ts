/** KMS, as far as copies need it: DescribeKey in the destination region. */
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { KeyUnusableError, MissingError, RefusedError } from "../errors.ts";
import type { Clients } from "./clients.ts";
import type { Keys } from "./engine.ts";
import { ask } from "./faults.ts";

/**
 * The states in which a key encrypts. While the primary of a multi-Region key moves it is `Updating`, which refuses what
 * manages the key and nothing that uses it (KMS developer guide, "Key states of AWS KMS keys").
 */
const usableStates: ReadonlySet<string> = new Set(["Enabled", "Updating"]);

export const kmsKeys = (clients: Pick<Clients, "kms">): Keys => ({
  examine: async ({ region, id }) => {
    try {
      const answer = await ask({ service: "kms", operation: "DescribeKey", region }, () =>
        clients.kms(region).send(new DescribeKeyCommand({ KeyId: id })),
      );
      const state = answer.KeyMetadata?.KeyState ?? "unknown";
      const usage = answer.KeyMetadata?.KeyUsage ?? "unknown";
      if (!usableStates.has(state)) return { unusable: `${id} in ${region} is ${state}` };
      return usage === "ENCRYPT_DECRYPT"
        ? { usable: true }
        : { unusable: `${id} in ${region} is for ${usage}` };
    } catch (error) {
      const permanent =
        error instanceof MissingError || error instanceof RefusedError || error instanceof KeyUnusableError;
      if (permanent) return { unusable: error.message };
      throw error;
    }
  },
});
