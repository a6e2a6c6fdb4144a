import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { expect, it, onTestFinished } from "vitest";
import { codeKibMax, readBundles, tooLarge } from "../../deploy/bundles.ts";

const most = codeKibMax * 1024;

it("weighs what Node loads of each bundle, and takes one byte over the limit for too large", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bundles-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lay = (name: string, code: number) =>
    writeFileSync(
      join(folder, `${name}.zip`),
      zipSync({ [`functions/${name}.cjs`]: new Uint8Array(code), "functions/map": new Uint8Array(9) }),
    );
  lay("watch", most);
  lay("copy", most + 1);
  const bundles = readBundles(folder);
  expect(bundles.map(({ name, code }) => [name, code])).toEqual([
    ["copy", most + 1],
    ["watch", most],
  ]);
  expect(tooLarge(bundles).map(({ name }) => name)).toEqual(["copy"]);
});
