import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { virtualTime } from "../../cli/virtual-time.ts";
import { inProcess, runWorkflow } from "../../cli/workflow.ts";
import { handler as sweep } from "../../functions/sweep.ts";
import { handler as watch } from "../../functions/watch.ts";
import type { CoverageRow } from "../../lib/core/coverage.ts";
import type { JournalEntry } from "../../lib/core/journal.ts";
import { door } from "../../lib/runtime/door.ts";
import { logJournal } from "../../lib/runtime/log.ts";
import { makeRuntime, withRuntime } from "../../lib/runtime/runtime.ts";
import { at, cluster, home, type Night, nightAfter, service, withNight } from "../night.ts";
import { asDeployed, lambda } from "./deployment.ts";
import { entriesIn, type Line, linesOf } from "./written.ts";

const batch = { region: "us-east-1", family: "rds" } as const;

/** What is logged of one journal entry by a function that was called with an event. */
const logged = async (night: Night, event: unknown, entry: JournalEntry): Promise<Line> => {
  const name = "Probe";
  const probe = door({ name, input: z.unknown(), tools: {}, step: async (_, { journal }) => journal(entry) });
  let lines: readonly string[] = [];
  await asDeployed(night.simulator, async () => {
    lines = await linesOf(() => probe(event, lambda));
  });
  const [line] = entriesIn(lines);
  if (line === undefined || lines.length > 1) throw new Error(`expected one line, got ${lines.length}`);
  return line;
};

describe("the log of a deployed function", () => {
  it("has one JSON object a line, with the run, plan, region and function of the call", async () => {
    await withNight({ fleet: {} }, async (night) => {
      const event = { run: { id: "daily-1", plan: "daily" }, batch };
      const entry = {
        kind: "snapshot.created",
        region: "us-east-1",
        cluster: "orders",
        snapshot: "s",
      } as const;
      expect(await logged(night, event, entry)).toMatchObject({
        ...{ level: "INFO", message: "snapshot.created", service: "holdfast" },
        ...{ run: "daily-1", plan: "daily", region: "us-east-1", function: "Probe", request: "request-1" },
        ...{ cluster: "orders", snapshot: "s" },
      });
    });
  });

  it.each([
    [
      "of a destination",
      { run: { id: "r", plan: "p" }, destination: { region: "eu-west-1" } },
      ["r", "p", "eu-west-1"],
    ],
    ["of a request", { request: { plan: "p" } }, [undefined, "p", undefined]],
    ["of the scheduler", { at }, [undefined, undefined, undefined]],
  ])("takes those words from the event %s", async (_, event, words) => {
    await withNight({ fleet: {} }, async (night) => {
      const line = await logged(night, event, { kind: "cluster.taken", cluster: "orders", because: "tag" });
      expect([line.run, line.plan, line.region]).toEqual(words);
    });
  });

  it("counts the rows of a table by their phase instead of writing each", async () => {
    const tasks = ["due", "awaited", "awaited", "available"].map(
      (phase, nth) => ({ id: `c${nth}`, phase }) as const,
    ) as Extract<JournalEntry, { kind: "batch.progress" }>["tasks"];
    await withNight({ fleet: {} }, async (night) => {
      const line = await logged(night, { batch }, { kind: "batch.progress", ...batch, tasks });
      expect(line.tasks).toEqual({ due: 1, awaited: 2, available: 1 });
      const none = await logged(night, { batch }, { kind: "batch.progress", ...batch, tasks: [] });
      expect(none.tasks).toEqual({});
    });
  });

  it("says of a deletion why, and of a problem what, as they are", async () => {
    const verdict = { keep: [], remove: [{ id: "s", because: ["no rule keeps it"] }], problems: [] };
    await withNight({ fleet: {} }, async (night) => {
      const entry = {
        kind: "prune.verdict",
        region: "us-east-1",
        cluster: "orders",
        source: "arn",
        verdict,
      } as const;
      expect((await logged(night, { batch }, entry)).verdict).toEqual(verdict);
    });
  });
});

describe("a row in the log", () => {
  it("has its fields at the top of the line, under the name of its entry and not of the row's own kind", async () => {
    const row: CoverageRow = {
      ...{ plan: "daily", region: "eu-west-1", clusters: 2, recoveryPointAge: 1, runAge: 2 },
      ...{ kind: "copy", objective: 3, atRisk: ["orders"] },
    };
    await withNight({ fleet: {} }, async (night) => {
      const line = await logged(night, { at }, { kind: "coverage.row", row });
      expect(line).toMatchObject({ message: "coverage.row", ...row });
    });
  });
});

describe("the log of whole nights", () => {
  /** Nights whose journal is the log, as in Lambda, with the functions beside the workflow. */
  const nightsLogged = async ({ simulator, runtime: { config } }: Night, nights: number) => {
    const runtime = makeRuntime({
      ...{ service, home, config, journal: logJournal },
      clock: () => simulator.clock.now().getTime(),
      clients: {
        endpoint: simulator.endpoint,
        credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      },
    });
    return linesOf(async () => {
      for (let night = 0; night < nights; night += 1) {
        const now = simulator.clock.now().getTime();
        simulator.clock.advance(Math.max(0, Date.parse(nightAfter(night)) - now) / 1000);
        const time = virtualTime(simulator.clock);
        await runWorkflow({ request: { plan: "daily", at: nightAfter(night) }, time, ...inProcess(runtime) });
        await withRuntime(runtime, () => sweep({ at: nightAfter(night) }, lambda));
        await withRuntime(runtime, () => watch({ at: nightAfter(night) }, lambda));
      }
    });
  };
  const clusters = [
    cluster("orders", { encrypted: true }),
    cluster("docs", { engine: "docdb" }),
    cluster("graph", { engine: "neptune", encrypted: true }),
    cluster("plain"),
  ];

  it("never shows a pre-signed URL, whatever becomes of the copies", async () => {
    await withNight({ fleet: { clusters } }, async (night) => {
      const { simulator } = night;
      const operation = "CopyDBClusterSnapshot";
      const wrong = "PreSignedUrl could not be authenticated";
      simulator.faults.add({
        operation,
        times: 1,
        kind: { code: "InvalidParameterValue", status: 400, message: wrong },
      });
      simulator.faults.add({ operation, times: 2, kind: "reset-after" });
      simulator.faults.add({ operation, times: 9, kind: "internal", probability: 0.3 });
      const lines = await nightsLogged(night, 2);
      expect(simulator.calls.byOperation()[`rds.${operation}`]).toBeGreaterThan(7);
      expect(entriesIn(lines).filter(({ message }) => message === "copy.started").length).toBeGreaterThan(2);
      expect(entriesIn(lines).filter(({ message }) => message === "copy.refused").length).toBeGreaterThan(0);
      const secret = /x-amz-(signature|credential|algorithm|security-token)|presignedurl=|https?:\/\//i;
      expect(lines.filter((line) => secret.test(line))).toEqual([]);
    });
  });

  it("has lines of one JSON object each, and no line for each cluster of a table", async () => {
    await withNight({ fleet: { clusters } }, async (night) => {
      const lines = entriesIn(await nightsLogged(night, 1));
      const kinds = new Set(lines.map(({ message }) => message));
      for (const kind of ["run.started", "batch.progress", "queue.progress", "report.row", "run.ended"])
        expect(kinds).toContain(kind);
      expect([...kinds]).toEqual(expect.arrayContaining(["sweep.ended", "coverage.row"]));
      expect(lines.filter(({ tasks }) => Array.isArray(tasks))).toEqual([]);
    });
  });
});
