#!/usr/bin/env node
/**
 * The command's door. It imports nothing of ours before it knows on which Node it runs, so that an old one gets a
 * sentence instead of a stack trace: any that runs dist/holdfast.mjs, and of a checkout's TypeScript any that reads it,
 * which is 22.18 and newer; an older one is npm's there, whose scripts run on the Node 24 that `npm ci` brings. What
 * Node has compiled once it keeps in the folder for temporary files: the next command starts in two thirds of the time.
 */
import module from "node:module";

const nodeMin = 24;
const [major = 0] = process.versions.node.split(".").map(Number);

if (major >= nodeMin) {
  module.enableCompileCache();
  await import("./main.ts");
} else {
  const present = process.versions.node;
  const remedy = import.meta.url.endsWith(".ts") ? "`npm run holdfast --` brings one" : "install a newer one";
  console.error(`holdfast: needs Node ${nodeMin} or newer, and this is ${present}; ${remedy}`);
  process.exitCode = 2;
}
