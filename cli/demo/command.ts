import { Command } from "commander";
import type { DemoOptions } from "./night.ts";

export const demoCommand = (): Command =>
  new Command("demo")
    .description("Run a night on a simulated AWS: the real workflow, handlers and SDK, nothing to set up")
    .option("--json", "print one JSON document")
    .option("--twice", "run the same scheduled time a second time: nothing is taken twice")
    .option("--plan <name>", "the plan to run", "daily")
    .addHelpText("after", "\nExample:\n  npm run demo -- --twice")
    // The simulator is as large as all the rest, and no other command needs it.
    .action(async (options: DemoOptions) => (await import("./night.ts")).demo(options));
