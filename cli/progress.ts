import type { Ledger } from "./ledger.ts";
import { columns } from "./table.ts";

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** Shows nothing at all. */
  readonly quiet: boolean;
  readonly ledger: Ledger;
  /** Words in front: a clock, for example. */
  readonly prefix?: () => string;
  /** Words behind: a count of calls, for example. */
  readonly suffix?: () => string;
}

export interface Progress {
  show(): void;
  /** Leaves the last line standing. */
  end(): void;
}

/** One line that is drawn over on a terminal, and a line for each change elsewhere. */
export const makeProgress = ({ stream, quiet, ledger, prefix, suffix }: ProgressOptions): Progress => {
  // Off a terminal the calls and the clock change all the time; only a change of the work is worth a line.
  let last = stream.isTTY ? "" : describe(ledger);
  const draw = (): void => {
    const work = describe(ledger);
    const words = [prefix?.(), work, suffix?.()].filter(Boolean).join("  ");
    const news = stream.isTTY ? words : work;
    if (news === last) return;
    last = news;
    stream.write(stream.isTTY ? `\r\u001b[K${words.slice(0, columns(stream) - 1)}` : `${words}\n`);
  };
  return {
    show: () => {
      if (!quiet) draw();
    },
    end: () => {
      if (quiet) return;
      draw();
      if (stream.isTTY) stream.write("\n");
    },
  };
};

/** Says on a terminal what a command is about that takes a while, and never beside a document. */
export const announce = (
  { json }: { readonly json?: boolean },
  what: string,
  stream: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
): void => {
  if (!json && stream.isTTY) stream.write(`${what} ...\n`);
};

/** Fits 80 columns with a clock in front and a count of calls behind. */
const describe = (ledger: Ledger): string => {
  const { clusters, phases, copiesDone, copiesLeft, copiesRunning, deleted } = ledger.progress();
  const running = (phases.awaited ?? 0) + (phases.due ?? 0);
  const snapshots = `snapshots ${phases.available ?? 0}/${clusters}`;
  const copies = `copies ${copiesDone}/${copiesDone + copiesLeft}`;
  const words = [
    running > 0
      ? `${snapshots} (${running} running)`
      : `${snapshots}${phases.failed ? ` (${phases.failed} failed)` : ""}`,
    copiesRunning > 0 ? `${copies} (${copiesRunning} running)` : copies,
    ...(deleted > 0 ? [`pruned ${deleted}`] : []),
  ];
  return words.join("  ");
};
