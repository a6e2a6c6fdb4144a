import { problemKey } from "../../lib/core/problem.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { makeRuntime } from "../../lib/runtime/runtime.ts";
import { planNamed } from "../../lib/steps/context.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { exitStatus } from "../exit.ts";
import { type Ledger, makeLedger } from "../ledger.ts";
import { makeProgress, type Progress } from "../progress.ts";
import { resultDocument } from "../result-document.ts";
import { columns } from "../table.ts";
import { type TimeKeeper, virtualTime } from "../virtual-time.ts";
import { inProcess, runWorkflow } from "../workflow.ts";
import { expectedProblems } from "./clusters.ts";
import { demoFleet } from "./fleet.ts";
import { demoAt, demoConfig, demoHome, demoService } from "./plan.ts";
import { type DemoRun, renderDemo } from "./render.ts";

export interface DemoOptions {
  readonly json?: boolean;
  readonly twice?: boolean;
  readonly plan: string;
}

/** The demo's night, shown on the terminal or as one document. */
export const demo = async ({ json = false, twice = false, plan }: DemoOptions): Promise<void> => {
  const config = parseConfig(demoConfig, { path: "the demo's plan", home: demoHome });
  const fleet = demoFleet(planNamed(config, plan));
  const simulator = await startSimulator({ fleet });
  if (!json) console.log(`a simulated account: ${fleet.clusters?.length} clusters, night of ${demoAt}\n`);
  try {
    const runs: DemoRun[] = [];
    for (let run = 0; run < (twice ? 2 : 1); run += 1)
      runs.push(await runOnce(simulator, { config, plan, json }));
    console.log(json ? JSON.stringify(documentOf(runs), null, 2) : renderDemo(runs, columns()));
    process.exitCode = runs.every(endedAsExpected) ? exitStatus.done : exitStatus.failed;
  } finally {
    await simulator.close();
  }
};

interface RunOptions {
  readonly config: ReturnType<typeof parseConfig>;
  readonly plan: string;
  readonly json: boolean;
}

const runOnce = async (simulator: Simulator, { config, plan, json }: RunOptions): Promise<DemoRun> => {
  simulator.calls.clear();
  const began = simulator.clock.now().getTime();
  const ledger = makeLedger();
  const progress = watch(simulator, ledger, json);
  const runtime = makeRuntime({
    ...{ service: demoService, home: demoHome, config },
    journal: ledger.write,
    clock: () => simulator.clock.now().getTime(),
    clients: {
      endpoint: simulator.endpoint,
      credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
    },
  });
  const time = paced(virtualTime(simulator.clock), progress);
  const result = await runWorkflow({ request: { plan, at: demoAt }, time, ...inProcess(runtime) });
  progress.end();
  return {
    document: resultDocument(ledger, result),
    virtualSeconds: (simulator.clock.now().getTime() - began) / 1000,
    calls: simulator.calls.byOperation(),
  };
};

/** The clock, the work and the calls, on one line of a terminal. */
const watch = (simulator: Simulator, ledger: Ledger, quiet: boolean): Progress => {
  const clock = (): string => simulator.clock.now().toISOString().slice(11, 19);
  return makeProgress({
    stream: process.stderr,
    quiet,
    ledger,
    prefix: clock,
    suffix: () => `calls ${simulator.calls.total}`,
  });
};

/** On a terminal a night of virtual time is slowed down to a few seconds, so that it can be watched. */
const pauseMs = 120;

const paced = (time: TimeKeeper, progress: Progress): TimeKeeper => ({
  busy: (work) =>
    time.busy(async () => {
      const answer = await work();
      progress.show();
      return answer;
    }),
  sleep: async (seconds) => {
    if (process.stderr.isTTY) await time.busy(() => new Promise((resolve) => setTimeout(resolve, pauseMs)));
    await time.sleep(seconds);
    progress.show();
  },
});

const documentOf = (runs: readonly DemoRun[]) => {
  const [first, second] = runs.map(({ document, ...rest }) => ({ ...document, ...rest }));
  return second ? { ...first, second } : first;
};

/** The demo's fleet has three clusters that cannot be done: their rows, and no others, are expected. */
const endedAsExpected = ({ document }: DemoRun): boolean => {
  const found = document.problems.map(problemKey).toSorted();
  return (
    document.execution.error === "Incomplete" && JSON.stringify(found) === JSON.stringify(expectedProblems)
  );
};
