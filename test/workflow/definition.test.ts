import { readdirSync } from "node:fs";
import validate from "asl-validator";
import { describe, expect, it } from "vitest";
import { functionOf, readDefinition, startsExecution, statesOf } from "../../cli/workflow.ts";
import * as errors from "../../lib/errors.ts";

const states = statesOf(readDefinition());
const sweeps = statesOf(readDefinition("sweep")).filter(([, { Type }]) => Type === "Task");
const [starters, tasks] = [
  states.filter(([, state]) => state.Type === "Task" && startsExecution(state)),
  states.filter(([, state]) => state.Type === "Task" && !startsExecution(state)),
];
/** What Lambda and Step Functions themselves raise, and every Task must retry (AWS's own list). */
const awsErrors = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.ClientExecutionTimeoutException",
  "Lambda.TooManyRequestsException",
  "Lambda.Unknown",
  "Runtime.OutOfMemory",
  "Runtime.ExitError",
  "Sandbox.Timedout",
  "States.Timeout",
];

const ourErrors = Object.values(errors)
  .filter((one) => one.prototype instanceof Error)
  .map((error) => new (error as new (...of: never[]) => Error)().name);

/** Functions that the scheduler calls without a state machine. */
const scheduledByThemselves = ["recognise", "watch"];

type Matcher = { readonly ErrorEquals: readonly string[] };
type Catcher = Matcher & { readonly Next: string; readonly ResultPath?: string };
interface Retrier extends Matcher {
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds?: number;
}

/** Seconds from the first failure to the last attempt, at most: a jitter shortens pauses, and what fails takes time as well. */
const secondsOf = ({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }: Retrier): number =>
  Array.from({ length: MaxAttempts }, (_, nth) =>
    Math.min(IntervalSeconds * BackoffRate ** nth, MaxDelaySeconds ?? Number.POSITIVE_INFINITY),
  ).reduce((sum, pause) => sum + pause, 0);

describe("the state machines' definitions", () => {
  it.each(["backup", "sweep"] as const)("of a %s is valid in the Amazon States Language", (name) => {
    const { isValid, errorsText } = validate(readDefinition(name), { checkArn: false });
    expect(isValid, errorsText?.("\n")).toBe(true);
  });

  it("have a function for every Task state, of the same name", () => {
    const functions = readdirSync(new URL("../../functions", import.meta.url))
      .map((name) => name.replace(".ts", ""))
      .filter((name) => !scheduledByThemselves.includes(name));
    const called = [...tasks, ...sweeps].map(([, state]) => functionOf(state));
    expect([...new Set(called)].toSorted()).toEqual(functions.toSorted());
  });

  it.each([...tasks, ...sweeps])("%s retries what is transient, and nothing else of ours", (_, state) => {
    const retries = state.Retry as Retrier[];
    const retried = retries.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried.toSorted()).toEqual([...awsErrors, "TransientError", "IncompleteListingError"].toSorted());
    // Half an hour for a place to run in, some minutes for all else.
    expect(retries.map(({ ErrorEquals, MaxAttempts }) => [ErrorEquals[0], MaxAttempts])).toEqual([
      ["Lambda.TooManyRequestsException", 30],
      ["TransientError", 5],
    ]);
  });

  it.each([...tasks, ...sweeps])(
    "%s is tried for a minute through an outage, and for nearly half an hour where it has no place to run in",
    (_, state) => {
      const [place, outage] = (state.Retry as Retrier[]).map(secondsOf);
      expect(outage).toBeGreaterThanOrEqual(60);
      // With the time that the attempts themselves take.
      expect(place).toBeGreaterThanOrEqual(25 * 60);
    },
  );

  it("starts its parts alone by itself: without a name, once more where one fails, and with what Discover wrote", () => {
    expect(starters.map(([name]) => name)).toEqual(["Part"]);
    const [, part] = starters[0] ?? [];
    // A name would be refused to the second execution of the run, and to a part that is started again.
    expect(part?.Parameters).toEqual({ "StateMachineArn.$": "$.machine", "Input.$": "$.input" });
    expect(part?.Retry).toMatchObject([{ ErrorEquals: ["States.TaskFailed"], MaxAttempts: 2 }]);
  });

  it("gives what a part died of a minute and a half to pass", () => {
    const [, part] = starters[0] ?? [];
    const [retrier] = (part?.Retry ?? []) as Retrier[];
    expect(retrier && secondsOf(retrier)).toBeGreaterThanOrEqual(90);
  });

  it("has all parts of a run at work at once, of which 25 are the most", () => {
    const [, parts] = states.find(([name]) => name === "Parts") ?? [];
    expect(parts?.MaxConcurrency).toBeGreaterThanOrEqual(25);
  });

  it("gives a part up only after its last deadline, and half an hour before the whole is given up", () => {
    const [, part] = starters[0] ?? [];
    const { TimeoutSeconds } = readDefinition() as unknown as { TimeoutSeconds: number };
    expect(Number(part?.TimeoutSeconds)).toBeGreaterThan(23 * 3600);
    expect(TimeoutSeconds - Number(part?.TimeoutSeconds)).toBe(1800);
  });

  it("ends a part as done whatever it came to, before it looks at the outcome", () => {
    const [, outcome] = states.find(([name]) => name === "Outcome") ?? [];
    expect((outcome?.Choices as object[] | undefined)?.[0]).toEqual({
      Variable: "$.part",
      IsPresent: true,
      Next: "Done",
    });
  });

  it("lets so many prunes run at once as Discover says", () => {
    const [, prunes] = states.find(([name]) => name === "Prunes") ?? [];
    expect([prunes?.MaxConcurrencyPath, prunes?.MaxConcurrency]).toEqual(["$.prunesAtOnce", undefined]);
  });

  it.each(states.filter(([, state]) => state.Catch))("%s catches errors that exist", (_, state) => {
    const caught = (state.Catch as Matcher[]).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(caught.filter((name) => name !== "States.ALL" && !ourErrors.includes(name))).toEqual([]);
  });

  it.each(states.filter(([, state]) => state.Catch))("%s says so where it is given up", (_, state) => {
    for (const { ErrorEquals, Next, ResultPath } of state.Catch as Catcher[]) {
      if (!ErrorEquals.includes("States.ALL")) continue;
      const [, lost] = states.find(([name]) => name === Next) ?? [];
      if (state.Type === "Map") expect(lost?.Result).toMatchObject([{ lost: "MapFailed" }]);
      else {
        expect(ResultPath).toBe("$.error");
        expect(lost?.Parameters).toMatchObject({ "lost.$": "$.error.Error" });
      }
    }
  });

  it("goes on without a region that stays out of reach, or tells half of what it has", () => {
    const [, discover] = states.find(([name]) => name === "Discover") ?? [];
    expect(discover?.Catch).toMatchObject([
      { ErrorEquals: ["TransientError", "IncompleteListingError"], Next: "DiscoverReachable" },
    ]);
  });

  it.each([
    ["Snapshot", "WaitForRegion", "SnapshotLate", "BatchLost"],
    ["Copy", "WaitForDestination", "CopyLate", "DestinationLost"],
  ])("makes a %s once more where its region does not answer, with all that it was told", (...names) => {
    const [first, wait, late, lost] = names.map(
      (wanted): Record<string, unknown> => ({ ...states.find(([name]) => name === wanted)?.[1] }),
    );
    const [once, anything] = (first?.Catch ?? []) as Catcher[];
    expect(once).toEqual({
      ErrorEquals: ["TransientError", "IncompleteListingError"],
      ...{ ResultPath: null, Next: names[1] },
    });
    expect([anything?.Next, wait?.Next, lost?.Type]).toEqual([names[3], names[2], "Pass"]);
    expect(late).toEqual({ ...first, Catch: [anything] });
  });

  it("prunes on with what was pruned, and met, so far", () => {
    const [, on] = states.find(([name]) => name === "PruneOn") ?? [];
    expect(on?.Parameters).toEqual({
      ...{ "run.$": "$.run", "batch.$": "$.batch", "from.$": "$.step.output.from" },
      "pruned.$": "$.step.output.result.counts.pruned",
      "problems.$": "$.step.output.result.problems",
    });
  });

  it("sweeps on as long as Sweep says so", () => {
    const { Swept } = readDefinition("sweep").States;
    expect(Swept).toMatchObject({
      Choices: [{ Variable: "$.next", StringEquals: "Sweep", Next: "Sweep" }],
      Default: "Done",
    });
  });

  it("leaves a sweep the time to make each pass of ten thousand clusters twice", () => {
    const [, sweep] = sweeps[0] ?? [];
    const { TimeoutSeconds } = readDefinition("sweep") as unknown as { TimeoutSeconds: number };
    // Some 1,400 pages, of which a pass looks at 100.
    expect(TimeoutSeconds).toBeGreaterThan(2 * 14 * Number(sweep?.TimeoutSeconds));
  });

  it("bounds how many of a function run at once, as packaging's least reservation rests on", () => {
    const bounds = ["Batches", "Destinations"].map(
      (map) => states.find(([name]) => name === map)?.[1].MaxConcurrency,
    );
    expect(bounds).toEqual([20, 10]);
  });

  it("catches everything inside a child, so that Report always runs", () => {
    const children = states
      .filter(([, state]) => state.Type === "Map")
      .flatMap(([, state]) => statesOf(state.ItemProcessor as never));
    const childTasks = children.filter(([, state]) => state.Type === "Task");
    expect(childTasks.length).toBeGreaterThan(4);
    for (const [name, state] of childTasks) {
      const caught = ((state.Catch as Matcher[]) ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(caught, name).toContain("States.ALL");
    }
  });

  it("gives every Wait its time from the step before it", () => {
    const waits = states.filter(([, { Type }]) => Type === "Wait");
    // Before it no step has answered; and the shortest deadline is an hour.
    expect(waits.filter(([, { Seconds }]) => Seconds).map(([name, { Seconds }]) => [name, Seconds])).toEqual([
      ["WaitForRegion", 900],
      ["WaitForDestination", 1800],
    ]);
    for (const [name, state] of waits.filter(([, { Seconds }]) => Seconds === undefined)) {
      expect(state.SecondsPath, name).toMatch(/^\$\.((step\.output\.)?waitSeconds|batch\.startsAfter)$/);
    }
  });
});
