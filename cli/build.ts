/**
 * `npm run build`, and before `npm pack`: the command line as JavaScript in dist/. Node runs our TypeScript as it
 * is, but not under node_modules, where it refuses to strip types. dist/ lies as deep as cli/, so that what is
 * read relative to the source (workflow/, the schema) is found from both.
 */
import { chmodSync, rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: ["cli/holdfast.ts"],
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  chunkNames: "[name]",
  ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node22" },
  // npm installs them, once for all packages.
  packages: "external",
  logLevel: "warning",
});
chmodSync("dist/holdfast.mjs", 0o755);
