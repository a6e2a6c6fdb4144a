/**
 * The command line's exit statuses, as documented; the last two are what a shell gives to a command that SIGINT or
 * SIGTERM ended.
 */
export const exitStatus = {
  ...{ done: 0, failed: 1, misuse: 2, partly: 3 },
  ...{ interrupted: 130, terminated: 143 },
} as const;

/** The command was called in a way that it does not know; the message says what to do instead. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}

const endings = { SIGINT: exitStatus.interrupted, SIGTERM: exitStatus.terminated } as const;

/** Has the last word said when Ctrl-C or a job's end interrupts the command. Returns how to undo it. */
export const onInterruption = (lastWord: () => void): (() => void) => {
  const end = (signal: NodeJS.Signals): void => {
    lastWord();
    process.exit(endings[signal as keyof typeof endings]);
  };
  const signals = Object.keys(endings);
  for (const signal of signals) process.once(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
};
