import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOurName } from "../../lib/core/naming.ts";
import { ownedBy } from "../../lib/core/ownership.ts";
import { parsePolicy } from "../../lib/core/retention.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { home, service } from "../night.ts";
import { cases, outcomeOf } from "./fuzz/scene.ts";

/** Whatever people write, it is understood, refused by name, or nobody's. */

describe("what people write", () => {
  const words = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .array(
        fc.constantFrom(
          "plans:",
          " daily:",
          "  retention:",
          " { keep-daily: 3 }",
          "\n",
          "*a",
          "&a",
          "!!x",
          "- ",
        ),
      )
      .map((some) => some.join("")),
  );
  it("as holdfast.yml is a configuration or a ConfigError", async () => {
    await fc.assert(
      fc.asyncProperty(words, async (text) => {
        const outcome = await outcomeOf(async () => parseConfig(text, { path: "holdfast.yml", home }));
        expect(["done", "ConfigError"]).toContain(outcome);
      }),
      cases(400),
    );
  });

  it("into tags and names makes nothing ours that is not whole", () => {
    const key = fc.constantFrom(
      "service",
      "plan",
      "cluster",
      "resource",
      "taken-at",
      "keep",
      "until",
      "hold",
    );
    const tags = fc.dictionary(
      key.map((word) => `holdfast:${word}`),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(tags, fc.string({ unit: "binary" }), (given, id) => {
        const base = {
          arnPattern: "arn:*",
          region: home,
          engine: "docdb",
          cluster: "c",
          status: "available",
        } as const;
        const owned = ownedBy(service, { ...base, id, manual: true, encrypted: false, tags: given });
        expect(owned === undefined || isOurName(id)).toBe(true);
        parsePolicy(given["holdfast:keep"] ?? id);
      }),
      cases(1000),
    );
  });
});
