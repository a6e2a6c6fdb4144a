import { Command, CommanderError, Option } from "commander";
import { HoldfastError } from "../lib/errors.ts";
import { log } from "../lib/runtime/log.ts";
import { missedToNpm } from "../lib/runtime/npm-words.ts";
import { backupCommand } from "./backup.ts";
import { completionCommand } from "./completion.ts";
import { demoCommand } from "./demo/command.ts";
import { exitStatus, Misuse } from "./exit.ts";
import { holdCommand, releaseCommand } from "./hold.ts";
import { initCommand } from "./init.ts";
import { listCommand } from "./list.ts";
import { watchOutput } from "./output.ts";
import { planCommand } from "./plan.ts";
import { pruneCommand } from "./prune.ts";
import { statusCommand } from "./status.ts";
import { validateCommand } from "./validate.ts";
import { packageVersion } from "./version.ts";

/** The command line: parse, run, and turn whatever happened into one sentence and an exit status. */
const program = new Command("holdfast")
  .description("Keeps the database clusters of an AWS account recoverable.")
  .version(packageVersion())
  .addOption(new Option("--trace", "show stack traces of errors"))
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("(holdfast --help shows what it takes)")
  .addHelpText(
    "after",
    `
Exit status: 0 done, 1 failed, 2 misuse or bad configuration, 3 partly done,
130 interrupted, 143 terminated.`,
  );

program.addCommand(demoCommand().exitOverride());
program.addCommand(backupCommand().exitOverride());
program.addCommand(listCommand().exitOverride());
program.addCommand(planCommand().exitOverride());
program.addCommand(pruneCommand().exitOverride());
program.addCommand(statusCommand().exitOverride());
program.addCommand(validateCommand().exitOverride());
program.addCommand(holdCommand().exitOverride());
program.addCommand(releaseCommand().exitOverride());
program.addCommand(initCommand().exitOverride());
program.addCommand(completionCommand().exitOverride());

program.hook("preAction", (_, command) => {
  const taken = missedToNpm(command);
  if (taken.length === 0) return;
  throw new Misuse(
    `npm took ${taken.join(", ")} for its own; put two hyphens before all words, as in \`npm run holdfast -- ${command.name()}\``,
  );
});

// Whoever says it, a mistake begins with the command's name.
for (const command of [program, ...program.commands])
  command.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "holdfast: ")) });

// On a terminal the journal is shown, not logged: the functions' own log lines would be in its way.
log.setLogLevel("SILENT");
watchOutput();

/** Commander has printed its own sentence by then, and calls help and version errors too. */
const explain = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.misuse;
  const { name, message, stack } = error as Error;
  const known = error instanceof HoldfastError || error instanceof Misuse;
  const words = known ? message : `${name}: ${message} (a mistake of ours; --trace shows where)`;
  console.error(`holdfast: ${program.opts<{ trace?: boolean }>().trace ? stack : words}`);
  return misuses.has(name) ? exitStatus.misuse : exitStatus.failed;
};

const misuses: ReadonlySet<string> = new Set([
  "Misuse",
  "ConfigError",
  "UnknownPlanError",
  "InvalidEventError",
]);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
