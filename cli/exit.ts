/** The command line's exit statuses, as documented. */
export const exitStatus = { done: 0, failed: 1, misuse: 2, partly: 3 } as const;

/** The command was called in a way that it does not know; the message says what to do instead. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}
