/**
 * Ends the process once nobody reads its output any more: a reader that has seen enough, such as `head`, is no failure, and
 * the hours that are left would be for nobody. An output that cannot be written is one.
 */
export const endWhenUnread = (): void => {
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") process.exit(0);
    console.error(`the output could not be written: ${message}`);
    process.exit(1);
  });
};
