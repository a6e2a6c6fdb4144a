import {
  type CopyLasting,
  learnLasting,
  leftByLasting,
  nextWorthwhile,
  type PumpWaiting,
} from "../core/copy-waiting.ts";
import { type CopyTask, lightenTable, pickCopies } from "../core/copying.ts";
import { copiedEvent } from "../core/event.ts";
import { ownedBy } from "../core/ownership.ts";
import { partName, shareOf } from "../core/part.ts";
import { capProblems, distinctProblems, type Problem } from "../core/problem.ts";
import { nextWait, secondsLeft } from "../core/progress.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { announce } from "./announce.ts";
import { type Context, planNamed } from "./context.ts";
import { type Look, lookAgain } from "./copy-look.ts";
import type { CopyInput, CopyOutput, CopyPass, CopyWork } from "./copy-pass.ts";
import { openQueue } from "./copy-queue.ts";
import { startCopies } from "./copy-start.ts";

/**
 * One pass of the pump of one destination: looks at what runs and what is awaited, starts as many copies as
 * there are free places, and says how long to wait. The first pass makes the queue of what both sides show; later ones
 * look at what is in flight and awaited, by id. At the deadline what is left is handed to the next run's pump.
 */
export const copy = async (
  input: CopyInput,
  context: Context<"engines" | "keys" | "events">,
): Promise<CopyOutput> => {
  const plan = planNamed(context.config, input.run.plan);
  const copyPlan = plan.copies.find(({ region }) => region === input.destination.region);
  // The plan lost this destination since the run began: nothing is due here any more, and what was done is done.
  if (copyPlan === undefined)
    return settle(input, { ...(input.work ?? opened(context, 0)), tasks: [], look: nothingSeen }, context);
  const work = input.work ?? opened(context, shareOf(plan.copiesInFlight, input.run.part));
  const minutesElapsed = (context.now - Date.parse(work.since)) / 60_000;
  const pass: CopyPass = { input, plan, copyPlan, work, minutesElapsed };
  const look = await (input.work ? lookAgain(pass, context) : openQueue(pass, context));
  const askable = look.tasks.filter(({ family }) => context.engines[family].copies === "per-snapshot");
  const { inFlight } = look;
  const picked = pickCopies({ tasks: askable, inFlight, limit: work.limit, minutesElapsed });
  const started = await startCopies(pass, { picked, look }, context);
  const untold = await tell(input, [...look.copied, ...started.copied], context);
  const problems = distinctProblems([...work.problems, ...look.problems, ...started.problems, ...untold]);
  const done = work.done + look.done + started.done;
  const { limit, tasks, keyUsable } = started;
  const { unreached, others, arrivals = work.arrivals } = look;
  const lasting = learn(work, look, minutesElapsed);
  const left = {
    ...work,
    ...(keyUsable && { keyUsable }),
    ...lasting,
    ...(arrivals !== undefined && { arrivals }),
    unreached,
    others,
    limit,
    tasks,
    done,
    problems,
  };
  return settle(input, { ...left, look }, context);
};

/** Of less than that a rate is mostly the time that the asking took. */
const tellingPercent = 5;

/** How long copies last, by what this look shows of those that ran. */
const learn = (work: CopyWork, { copies }: Look, minutesElapsed: number): CopyLasting => {
  const seen = work.tasks
    .filter(({ phase }) => phase === "copying")
    .map(({ copy = "", asked = 0 }) => ({
      seconds: Math.round((minutesElapsed - asked) * 60),
      ...{ status: copies.get(copy)?.status, percent: copies.get(copy)?.percent ?? 0 },
    }));
  return learnLasting(work, {
    ended: seen.filter(({ status }) => status === "available").map(({ seconds }) => seconds),
    running: seen
      .filter(({ status, percent }) => status === "copying" && percent >= tellingPercent)
      .map(({ seconds, percent }) => Math.round((seconds * 100) / percent)),
  });
};

/** What the table waits for. A snapshot began when the pump did or when its turn came; a copy, when it was asked for. */
const waitingFor = ({ tasks, lasting, limit }: CopyWork, look: Look, elapsed: number): PumpWaiting => {
  const inPhase = (phase: CopyTask["phase"]) => tasks.filter((task) => task.phase === phase);
  const running = inPhase("copying").map(({ copy = "", asked = 0 }) => {
    const age = elapsed - asked * 60;
    const percent = look.copies.get(copy)?.percent ?? 0;
    return (percent < tellingPercent ? undefined : secondsLeft(age, percent)) ?? leftByLasting(lasting, age);
  });
  return {
    awaited: inPhase("awaited").map(({ source, asked = 0 }) =>
      secondsLeft(elapsed - asked * 60, look.sources.get(source)?.snapshot.percent),
    ),
    running,
    due: inPhase("due").length,
    free: Math.max(0, limit - running.length - look.others.length),
  };
};

/** Before the table without them is handed on, so that a step that dies in between tells them again. */
const tell = (
  { run, destination }: CopyInput,
  copies: readonly Snapshot[],
  context: Context<"events">,
): Promise<readonly Problem[]> => {
  const { service, now } = context;
  const points = copies.flatMap((one) => ownedBy(service, one) ?? []);
  const events = points.map((point) => copiedEvent({ service, run: run.id, point, now }));
  return announce({ events, region: destination.region }, context);
};

const opened = ({ now }: Context, limit: number): CopyWork => ({
  tasks: [],
  since: new Date(now).toISOString(),
  limit,
  done: 0,
  problems: [],
});

const nothingSeen: Look = {
  tasks: [],
  problems: [],
  done: 0,
  copied: [],
  inFlight: 0,
  others: [],
  sources: new Map(),
  copies: new Map(),
  unreached: {},
};

const settle = (
  { run, destination }: CopyInput,
  { look, ...work }: CopyWork & { readonly look: Look },
  { now, journal, payloadBytesMax }: Context,
): CopyOutput => {
  const { region } = destination;
  const since = Date.parse(work.since);
  const foretold = nextWorthwhile(waitingFor(work, look, (now - since) / 1000));
  const wait = nextWait({ now, since, deadline: Date.parse(run.deadline), foretold });
  const over = wait === "over";
  const left = over
    ? work.tasks.map((task): Problem => ({ cluster: task.cluster, region: task.region, code: "deadline" }))
    : [];
  const tasks = over ? [] : lightenTable(work.tasks, payloadBytesMax);
  const problems = capProblems([...work.problems, ...left]);
  journal({
    ...{ kind: "queue.progress", region, tasks, done: work.done },
    ...(run.part && { part: partName(run.part) }),
  });
  return {
    ...{ run, destination },
    ...work,
    tasks,
    problems,
    next: tasks.length === 0 ? "Done" : "Wait",
    waitSeconds: over ? 0 : wait,
    result: { region, counts: { copied: work.done, unfinished: left.length }, problems },
  };
};
