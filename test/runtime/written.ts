import { vi } from "vitest";
import { log } from "../../lib/runtime/log.ts";

/** What a function writes to its log while `work` goes on, line by line: Lambda takes both streams. */
export const linesOf = async (work: () => unknown): Promise<readonly string[]> => {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    }),
  );
  // The test runner has a console of its own; in Lambda it is the log as well.
  const consoles = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...words) => void written.push(`${words.join(" ")}\n`)),
  );
  log.setLogLevel("DEBUG");
  try {
    await work();
  } finally {
    for (const spy of [...streams, ...consoles]) spy.mockRestore();
    log.setLogLevel("SILENT");
  }
  return written
    .join("")
    .split("\n")
    .filter((line) => line !== "");
};

export type Line = Readonly<Record<string, unknown>>;
const parsed = (lines: readonly string[]): readonly Line[] => lines.map((line) => JSON.parse(line) as Line);

interface Emf {
  readonly _aws: { readonly CloudWatchMetrics: readonly [Readonly<Record<string, unknown>>] };
}

/** The lines that CloudWatch reads as figures; a log line has no `_aws`. */
export const figuresIn = (lines: readonly string[]): readonly (Line & Emf)[] =>
  parsed(lines).filter((line): line is Line & Emf => "_aws" in line);
export const entriesIn = (lines: readonly string[]): readonly Line[] =>
  parsed(lines).filter((line) => !("_aws" in line));
