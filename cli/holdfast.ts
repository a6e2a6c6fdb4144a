#!/usr/bin/env node
/**
 * The package's door. It imports nothing before it knows on which Node it runs, so that an old one gets a
 * sentence instead of a stack trace.
 */
const nodeMin = 24;
const [major = 0] = process.versions.node.split(".").map(Number);

if (major >= nodeMin) await import("./main.ts");
else {
  const present = process.versions.node;
  console.error(`holdfast: needs Node ${nodeMin} or newer, and this is ${present}; install a newer one`);
  process.exitCode = 2;
}
