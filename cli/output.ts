import { exitStatus } from "./exit.ts";

/**
 * Makes a failure of what could not be written: Node's console says nothing of it, and a document that is half there
 * must not look whole to a cron job. A reader that has seen enough, such as `head`, is none.
 */
export const watchOutput = (): void => {
  let over = false;
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (!over && code !== "EPIPE") {
      console.error(`holdfast: the output could not be written: ${message}`);
      // The command may go on, and settle its own status later.
      process.on("exit", () => {
        process.exitCode = exitStatus.failed;
      });
    }
    over = true;
  });
  // Then there is nobody to tell.
  process.stderr.on("error", () => {});
};
