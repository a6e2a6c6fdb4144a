import type { Mutant } from "./drawing.ts";

/** A mutant that does what the product does, so that nothing can notice it. */
interface Equivalent extends Pick<Mutant, "file" | "before" | "after"> {
  readonly because: string;
}

/** Those that were drawn and survived, found by file and code, wherever in the file it stands. */
export const equivalents: readonly Equivalent[] = [
  {
    file: "lib/core/copying.ts",
    before: "return a.expected < b.expected ? -1 : 1;",
    after: "return (a.expected <= b.expected) ? -1 : 1;",
    because: "No two clusters have snapshots of one name: the name's hash is over ARN and resource.",
  },
];

/** Why a mutant does what the product does; `undefined` where nothing says so. */
export const whyEquivalent = (mutant: Pick<Mutant, "file" | "before" | "after">): string | undefined =>
  equivalents.find(
    ({ file, before, after }) => file === mutant.file && before === mutant.before && after === mutant.after,
  )?.because;

/** Code without its line breaks, which the formatter may move. */
export const inOneLine = (code: string): string => code.replaceAll(/\s+/g, " ").trim();
