/** The command line's exit statuses, as documented; `interrupted` is what a shell gives to a command that SIGINT ended. */
export const exitStatus = { done: 0, failed: 1, misuse: 2, partly: 3, interrupted: 130 } as const;

/** The command was called in a way that it does not know; the message says what to do instead. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}
