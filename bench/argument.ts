import { type CommanderError, InvalidArgumentError } from "commander";
import { exitStatus } from "../cli/exit.ts";

/** An option's whole number, from a smallest one up; anything else is refused in a sentence of commander's. */
export const wholeFrom =
  (smallest: number) =>
  (text: string): number => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= smallest) return Number(text);
    throw new InvalidArgumentError(`Use a whole number from ${smallest} up.`);
  };

/** Ends a command as commander wants it ended, with the project's status for misuse. */
export const endCommand = ({ exitCode }: CommanderError): never =>
  process.exit(exitCode === 0 ? exitStatus.done : exitStatus.misuse);
