#!/usr/bin/env node
/**
 * The command's door. It imports nothing of ours before it knows on which Node it runs, so that an old one gets a
 * sentence instead of a stack trace. What Node has compiled once it keeps in the folder for temporary files: the next
 * command starts in two thirds of the time.
 */
import module from "node:module";

const nodeMin = 24;
const [major = 0] = process.versions.node.split(".").map(Number);

if (major >= nodeMin) {
  module.enableCompileCache();
  await import("./main.ts");
} else {
  const present = process.versions.node;
  console.error(`holdfast: needs Node ${nodeMin} or newer, and this is ${present}; install a newer one`);
  process.exitCode = 2;
}
