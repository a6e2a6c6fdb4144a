import type { Context as LambdaContext } from "aws-lambda";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { handler as check } from "../../functions/check.ts";
import { handler as copy } from "../../functions/copy.ts";
import { handler as discover } from "../../functions/discover.ts";
import { handler as prune } from "../../functions/prune.ts";
import { handler as recognise } from "../../functions/recognise.ts";
import { handler as report } from "../../functions/report.ts";
import { handler as snapshot } from "../../functions/snapshot.ts";
import { handler as sweep } from "../../functions/sweep.ts";
import { handler as watch } from "../../functions/watch.ts";
import { isOurName } from "../../lib/core/naming.ts";
import { ownedBy } from "../../lib/core/ownership.ts";
import { parsePolicy } from "../../lib/core/retention.ts";
import { HoldfastError } from "../../lib/errors.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import type { Door } from "../../lib/runtime/door.ts";
import { log } from "../../lib/runtime/log.ts";
import { makeRuntime, withRuntime } from "../../lib/runtime/runtime.ts";
import { type Core, createCore } from "../../simulator/core.ts";
import type { SimulatorResponse } from "../../simulator/request.ts";
import { at, cluster, home, plainPlan, service } from "../night.ts";
import { clusterOf, points } from "../steps/points.ts";
import { secludeSdk } from "./sdk-environment.ts";
import { inProcessHandler } from "./wire.ts";

/** Whatever comes in, what comes out is a named error or a result: no crash, and no deletion that was not due. */

beforeAll(() => {
  log.setLogLevel("SILENT");
});

const doors: Readonly<Record<string, Door>> = {
  ...{ check, copy, discover, prune, recognise, report, snapshot, sweep, watch },
};

type Garble = (answer: SimulatorResponse) => SimulatorResponse;

const runtimeOn = (core: Core, garble: Garble = (answer) => answer) =>
  makeRuntime({
    ...{ service, home, journal: () => undefined, clock: () => core.clock.now().getTime() },
    config: parseConfig(plainPlan, { path: "holdfast.yml", home }),
    clients: {
      credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      requestHandler: inProcessHandler({
        depart: async () => ({ outMs: 0, backMs: 0 }),
        answer: (request) => garble(core.answer(request)),
        arrive: async () => undefined,
      }),
    },
  });

/** How a call ended: `done`, or the name of an error of ours; anything else is thrown on. */
const outcomeOf = async (work: () => Promise<unknown>): Promise<string> => {
  const release = secludeSdk();
  try {
    await work();
    return "done";
  } catch (error) {
    if (error instanceof HoldfastError) return error.name;
    throw error;
  } finally {
    release();
  }
};

const run = { plan: "daily", at, id: "daily-20261120t030000z", deadline: "2026-11-20T15:00:00Z" };
const batch = {
  ...{ region: home, family: "rds", arnPrefix: `arn:aws:rds:${home}:123456789012:cluster:` },
  members: [{ id: "orders", resource: "cluster-A" }],
};
const work = { tasks: [{ id: "orders", phase: "due" }], since: at };

const rightEvents: Readonly<Record<string, Record<string, unknown>>> = {
  check: { run, batch, work },
  copy: { run, batches: [batch], destination: { region: "eu-west-1" } },
  discover: { request: { plan: "daily", at }, startedAt: at },
  prune: { run, batch },
  report: { run, batches: [batch], unlisted: [], snapshots: [], copies: [], pruned: [] },
  ...{ recognise: { at }, snapshot: { run, batch }, sweep: { at }, watch: { at } },
};

/** An event that is right but for one field, however deep, which is anything. */
const nearly = (event: Record<string, unknown>): fc.Arbitrary<unknown> => {
  const paths = (value: unknown): string[][] =>
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => [
          [key],
          ...paths(inner).map((path) => [key, ...path]),
        ])
      : [];
  return fc.tuple(fc.constantFrom(...paths(event)), fc.anything()).map(([path, anything]) => {
    const copied = structuredClone(event) as Record<string, unknown>;
    const parent = path.slice(0, -1).reduce((held, key) => held[key] as Record<string, unknown>, copied);
    parent[path.at(-1) ?? ""] = anything;
    return copied;
  });
};

describe.each(Object.keys(doors))("the door of %s", (name) => {
  const arbitrary = fc.oneof(fc.anything(), nearly(rightEvents[name] ?? {}));
  it("answers any event with a result or a named error, and deletes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (event) => {
        const core = createCore({ fleet: { now: at, clusters: [cluster("orders")] } });
        const door = doors[name] as Door;
        await outcomeOf(() => withRuntime(runtimeOn(core), () => door(event, {} as LambdaContext)));
        expect(Object.keys(core.calls.byOperation()).filter((call) => call.includes("Delete"))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("AWS's answers", () => {
  const snapshots = points(6);
  const deletedWith = async (garble?: Garble): Promise<readonly string[]> => {
    const core = createCore({ fleet: { now: at, clusters: [clusterOf("orders")], snapshots } });
    const ids = () => [...core.world.store(home).clusterSnapshots.keys()];
    const before = ids();
    const runtime = runtimeOn(core, garble);
    const member = { id: "orders", resource: core.world.store(home).clusters.get("orders")?.resourceId };
    const event = { run, batch: { ...batch, members: [member] } };
    await outcomeOf(() => withRuntime(runtime, () => prune(event, {} as LambdaContext)));
    const left = new Set(ids());
    return before.filter((id) => !left.has(id));
  };

  const spoil = fc.constantFrom("", "x", "-1", "99999999999999999999", "null", "é".repeat(5000), "<a/>");
  it("with a field missing, empty, huge or of another type make prune remove nothing that was not due", async () => {
    const due = new Set(await deletedWith());
    expect(due.size).toBeGreaterThan(0);
    await fc.assert(
      fc.asyncProperty(fc.nat(400), fc.option(spoil, { nil: undefined }), async (nth, value) => {
        const deleted = await deletedWith((answer) => garbled(answer, nth, value));
        expect(deleted.filter((id) => !due.has(id))).toEqual([]);
      }),
      { numRuns: 120 },
    );
  });

  it("cut off anywhere are an error, and no deletion", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 0.98, noNaN: true }), async (share) => {
        const cut: Garble = (answer) => ({
          ...answer,
          body: answer.body.slice(0, share * answer.body.length),
        });
        expect(await deletedWith(cut)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

/** The nth element that holds text, taken out or with another text in it, in every answer. */
const garbled = (answer: SimulatorResponse, nth: number, value: string | undefined): SimulatorResponse => {
  let met = -1;
  const body = answer.body.replaceAll(/<(\w+)>([^<]*)<\/\1>/g, (whole, name: string) => {
    met += 1;
    if (met !== nth) return whole;
    return value === undefined ? "" : `<${name}>${value}</${name}>`;
  });
  return { ...answer, body };
};

describe("what people write", () => {
  const words = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .array(
        fc.constantFrom(
          "plans:",
          " daily:",
          "  retention:",
          " { keep-daily: 3 }",
          "\n",
          "*a",
          "&a",
          "!!x",
          "- ",
        ),
      )
      .map((some) => some.join("")),
  );
  it("as holdfast.yml is a configuration or a ConfigError", async () => {
    await fc.assert(
      fc.asyncProperty(words, async (text) => {
        const outcome = await outcomeOf(async () => parseConfig(text, { path: "holdfast.yml", home }));
        expect(["done", "ConfigError"]).toContain(outcome);
      }),
      { numRuns: 400 },
    );
  });

  it("into tags and names makes nothing ours that is not whole", () => {
    const key = fc.constantFrom(
      "service",
      "plan",
      "cluster",
      "resource",
      "taken-at",
      "keep",
      "until",
      "hold",
    );
    const tags = fc.dictionary(
      key.map((word) => `holdfast:${word}`),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(tags, fc.string({ unit: "binary" }), (given, id) => {
        const base = {
          arn: `arn:${id}`,
          region: home,
          engine: "docdb",
          cluster: "c",
          status: "available",
        } as const;
        const owned = ownedBy(service, { ...base, id, manual: true, encrypted: false, tags: given });
        expect(owned === undefined || isOurName(id)).toBe(true);
        parsePolicy(given["holdfast:keep"] ?? id);
      }),
      { numRuns: 1000 },
    );
  });
});
