import { type Figures, sumOf } from "./figures.ts";
import type { PeerRun } from "./peer.ts";

/** A fleet's figures for a terminal of 80 columns. */
export const renderFigures = (figures: Figures): string => {
  const { scenario, calls } = figures;
  const names = [...new Set([...Object.keys(calls.floor), ...Object.keys(calls.byOperation)])].toSorted();
  const rows = names.map((name) => row(name, calls.byOperation[name] ?? 0, calls.floor[name] ?? 0));
  return [
    `${whole(scenario.clusters)} clusters, ${scenario.copiesAtOnce} copies at once`,
    line("calls of RDS and Redshift", "made", "floor", "ratio"),
    ...rows,
    row("in total", calls.total, calls.floorTotal),
    line("calls of other services", whole(sumOf(calls.others))),
    line("throttled calls", whole(calls.throttled)),
    ...(calls.foreign.total > 0
      ? [
          line(
            "  of somebody else's, who calls once a second",
            `${calls.foreign.throttled} of ${calls.foreign.total}`,
          ),
        ]
      : []),
    ...measures(figures),
  ].join("\n");
};

/** A peer's calls beside ours, by operation. */
export const renderPeer = ({ calls }: Figures, peer: PeerRun): string => {
  const ours = { ...calls.byOperation, ...calls.others };
  const names = [...new Set([...Object.keys(ours), ...Object.keys(peer.calls)])].toSorted();
  return [
    `beside it: ${peer.command} (ended with ${peer.exitStatus})`,
    line("calls", "peer", "Holdfast"),
    ...names.map((name) => line(name, whole(peer.calls[name] ?? 0), whole(ours[name] ?? 0))),
    line("in total", whole(sumOf(peer.calls)), whole(sumOf(ours))),
    line("minutes of virtual time", whole(minutes(peer.virtualSeconds))),
  ].join("\n");
};

const measures = ({
  transitions,
  invocations,
  longest,
  beside,
  time,
  ...rest
}: Figures): readonly string[] => [
  line("state transitions", whole(transitions.total)),
  line("  of snapshot batches, for each cluster", transitions.snapshotsPerCluster.toFixed(2)),
  line(`  of the pump, for each of ${transitions.waves} waves`, transitions.pumpPerWave.toFixed(2)),
  line("Lambda invocations", whole(invocations.total)),
  line(`  the longest: ${longest.name}, seconds`, longest.virtualSeconds.toFixed(1)),
  line("largest payload between states, KiB", (rest.largestPayloadBytes / 1024).toFixed(1)),
  row(
    "minutes until the last snapshot",
    minutes(time.lastSnapshotSeconds),
    minutes(time.floor.lastSnapshotSeconds),
  ),
  row("minutes until the last copy", minutes(time.lastCopySeconds), minutes(time.floor.lastCopySeconds)),
  line("minutes of the whole run", whole(minutes(time.run))),
  line("beside runs: calls, and the longest function", "a day", "a time", "seconds"),
  ...beside.map(({ name, times, calls, invocations, virtualSeconds }) =>
    line(
      `  ${name}, ${times === 1 ? "once" : `${times} times`}${invocations > 1 ? `, ${invocations} passes` : ""}`,
      whole(times * calls),
      whole(calls),
      virtualSeconds.toFixed(1),
    ),
  ),
  line(`dollars a month (prices of ${rest.prices.date})`, rest.dollarsMonth.toFixed(2)),
  line("seconds of this machine", rest.wallSeconds.toFixed(1)),
];

const row = (what: string, made: number, floor: number): string =>
  line(what, whole(made), whole(floor), floor === 0 ? "-" : (made / floor).toFixed(2));

const line = (what: string, ...cells: readonly string[]): string =>
  `  ${what.padEnd(46)}${cells.map((cell) => cell.padStart(10)).join("")}`.trimEnd();

const minutes = (seconds: number): number => Math.round(seconds / 6) / 10;
const whole = (figure: number): string => figure.toLocaleString("en-US");
