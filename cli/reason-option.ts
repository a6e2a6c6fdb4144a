import { Misuse } from "./exit.ts";

/** Without what it was given to say, as by a variable that is not set, it would be another run, or one that is not held. */
export const saying = (option: string, text: string | undefined): string | undefined => {
  if (text === undefined || text.trim() !== "") return text;
  throw new Misuse(`${option} is empty; say why, or leave it out`);
};
