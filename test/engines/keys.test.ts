import { describe, expect, it } from "vitest";
import { kmsKeys } from "../../lib/engines/keys.ts";
import { DeniedError, TransientError } from "../../lib/errors.ts";
import { away, clientsOf, home, openLab } from "./lab.ts";
import { serveAnswers } from "./serve.ts";

/** What may be said of a key before a copy asks for it. */
const open = async () => {
  const lab = await openLab({
    keys: [
      { region: away, id: "good", alias: "alias/good" },
      ...(["Disabled", "PendingDeletion", "PendingImport", "Unavailable", "Updating"] as const).map(
        (state) => ({ region: away, id: state, state }),
      ),
      { region: home, id: "elsewhere", alias: "alias/elsewhere" },
    ],
  });
  const examine = (id: string) => kmsKeys(lab.clients).examine({ region: away, id });
  return { ...lab, examine };
};

describe("a key of the destination region", () => {
  it.each([
    "good",
    "alias/good",
    `arn:aws:kms:${away}:123456789012:key/good`,
    `arn:aws:kms:${away}:123456789012:alias/good`,
    "alias/aws/rds",
  ])("is usable when enabled, named as %s", async (id) => {
    const { examine } = await open();
    expect(await examine(id)).toEqual({ usable: true });
  });

  it("is usable while the primary of its multi-Region key moves", async () => {
    const { examine } = await open();
    expect(await examine("Updating")).toEqual({ usable: true });
  });

  it.each(["Disabled", "PendingDeletion", "PendingImport", "Unavailable"])(
    "is unusable, with its state, when %s",
    async (state) => {
      const { examine } = await open();
      expect(await examine(state)).toEqual({ unusable: `${state} in ${away} is ${state}` });
    },
  );

  it.each([
    "nothing",
    "alias/nothing",
    "elsewhere",
    "alias/elsewhere",
    `arn:aws:kms:${home}:123456789012:key/elsewhere`,
  ])("is unusable, with AWS's words, when %s is not there", async (id) => {
    const { examine } = await open();
    expect(await examine(id)).toEqual({
      unusable: expect.stringMatching(
        /kms DescribeKey in eu-west-1: NotFoundException: .*(not found|does not exist)/,
      ),
    });
  });

  it.each([
    ["for signing", { KeyState: "Enabled", KeyUsage: "SIGN_VERIFY" }, "is for SIGN_VERIFY"],
    ["of a purpose that is not told", { KeyState: "Enabled" }, "is for unknown"],
    ["in a state that is not told", { KeyUsage: "ENCRYPT_DECRYPT" }, "is unknown"],
    ["of which nothing is told", undefined, "is unknown"],
  ])("is unusable when it is one %s", async (_, KeyMetadata, word) => {
    const endpoint = await serveAnswers(() => JSON.stringify({ KeyMetadata }));
    const verdict = await kmsKeys(clientsOf(endpoint)).examine({ region: away, id: "some" });
    expect(verdict).toEqual({ unusable: `some in ${away} ${word}` });
  });

  it.each(["InvalidArnException", "KMSInvalidStateException"])(
    "is unusable when AWS refuses to speak of it for good: %s",
    async (code) => {
      const { simulator, examine } = await open();
      simulator.faults.add({
        service: "kms",
        times: 1,
        kind: { code, status: 400, message: "no" },
      });
      expect(await examine("good")).toEqual({ unusable: expect.stringContaining(code) });
    },
  );

  it("is not judged when the permission is missing or KMS is out of order", async () => {
    const { simulator, examine } = await open();
    const denial = {
      code: "AccessDeniedException",
      status: 400,
      message: "not authorized to perform: kms:DescribeKey",
    };
    simulator.faults.add({ service: "kms", times: 1, kind: denial });
    await expect(examine("good")).rejects.toThrow(DeniedError);
    simulator.faults.add({ service: "kms", times: 3, kind: "internal" });
    await expect(examine("good")).rejects.toThrow(TransientError);
  });
});
