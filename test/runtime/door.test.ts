import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { InvalidEventError, TransientError } from "../../lib/errors.ts";
import { door } from "../../lib/runtime/door.ts";
import { engines, events, keys } from "../../lib/runtime/tools.ts";
import { at, cluster, plainPlan, withNight } from "../night.ts";
import { asDeployed, lambda } from "./deployment.ts";
import { entriesIn, figuresIn, linesOf } from "./written.ts";

const input = z.object({ region: z.string() });
/** A deployed function that lists a region's clusters. */
const lister = () =>
  door({
    ...{ name: "Probe", input, tools: { engines } },
    step: async ({ region }: { region: string }, context) =>
      (await context.engines.rds.listClusters(region)).map(({ id }) => id),
  });
const throttledIn = (lines: readonly string[]): readonly unknown[] =>
  figuresIn(lines).flatMap(({ ThrottledCalls: count }) => count ?? []);
const listing = { operation: "DescribeDBClusters", kind: "throttle" } as const;

describe("the door of a deployed function", () => {
  it("counts the throttled attempts of a call, which the SDK then got through, in one figure", async () => {
    await withNight({ fleet: { clusters: [cluster("orders")] } }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const probe = lister();
        simulator.faults.add({ ...listing, times: 2 });
        const lines = await linesOf(async () => {
          expect(await probe({ region: "us-east-1" }, lambda)).toEqual(["orders"]);
        });
        expect(figuresIn(lines)).toMatchObject([{ service: "holdfast/test", ThrottledCalls: 2 }]);
        expect(figuresIn(lines)[0]?._aws.CloudWatchMetrics).toEqual([
          {
            Namespace: "Holdfast",
            Dimensions: [["service"]],
            Metrics: [{ Name: "ThrottledCalls", Unit: "Count" }],
          },
        ]);
        const calm = await linesOf(() => probe({ region: "us-east-1" }, lambda));
        expect(throttledIn(calm)).toEqual([]);
      });
    });
  });

  it("counts them also where the step then fails, and begins again at the next call", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const probe = lister();
        simulator.faults.add({ ...listing, times: 4 });
        const failed = await linesOf(async () => {
          await expect(probe({ region: "us-east-1" }, lambda)).rejects.toThrow(TransientError);
        });
        expect(throttledIn(failed)).toEqual([4]);
        simulator.faults.add({ ...listing, times: 1 });
        expect(throttledIn(await linesOf(() => probe({ region: "us-east-1" }, lambda)))).toEqual([1]);
      });
    });
  });

  it("gives a step the tools that it names, and no others", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const bounds = door({
          ...{ name: "Probe", input, tools: {} },
          step: async (_, { pagesMax, payloadBytesMax }) => ({ pagesMax, payloadBytesMax }),
        });
        // A state's payload may be 256 KiB.
        const deployed = { pagesMax: 100, payloadBytesMax: 256_000 };
        expect(await bounds({ region: "us-east-1" }, lambda)).toEqual(deployed);
        const held = async (tools: object) =>
          door({
            ...{ name: "Probe", input, tools },
            step: async (_, context) => Object.keys(context).toSorted(),
          })({ region: "us-east-1" }, lambda);
        const facts = ["config", "journal", "measure", "now", "pagesMax", "payloadBytesMax", "service"];
        expect(await held({})).toEqual(facts);
        expect(await held({ keys, events })).toEqual([
          "config",
          "events",
          "journal",
          "keys",
          "measure",
          "now",
          "pagesMax",
          "payloadBytesMax",
          "service",
        ]);
      });
    });
  });

  it("makes its clients once, and tells the time anew with each call", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const probe = door({
          ...{ name: "Probe", input, tools: { engines } },
          step: async (_, context) => ({ engines: context.engines, now: context.now }),
        });
        const [first, second] = [
          await probe({ region: "a" }, lambda),
          await new Promise((go) => setTimeout(go, 5)).then(() => probe({ region: "a" }, lambda)),
        ] as { engines: unknown; now: number }[];
        expect(second?.engines).toBe(first?.engines);
        expect(second?.now).toBeGreaterThan(first?.now ?? Number.POSITIVE_INFINITY);
      });
    });
  });

  it("shares the budget of calls with the functions beside it, as each event tells of them", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const run = z.object({ plan: z.string(), part: z.object({ number: z.number(), of: z.number() }) });
        const probe = door({
          ...{ name: "Probe", input: z.object({ run }), tools: { engines } },
          step: async (_, context) => {
            const began = performance.now();
            for (let calls = 0; calls < 3; calls += 1) await context.engines.rds.listClusters("us-east-1");
            return performance.now() - began;
          },
        });
        const lastsAmong = (of: number) => probe({ run: { plan: "daily", part: { number: 1, of } } }, lambda);
        await lastsAmong(1);
        // Of ten calls a second each of five functions has two: the second and the third wait for half a second each.
        expect(await lastsAmong(5)).toBeGreaterThan(900);
      });
    });
  });

  it("keeps to the budget of calls that holdfast.yml gives", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      const slowly = async () => {
        const probe = lister();
        const began = performance.now();
        for (let calls = 0; calls < 3; calls += 1) await probe({ region: "us-east-1" }, lambda);
        expect(performance.now() - began).toBeGreaterThan(900);
      };
      await asDeployed(simulator, slowly, `calls-per-second: 2\n${plainPlan}`);
    });
  });

  it("refuses a malformed event before the step, with all that is wrong in it", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const event = z.strictObject({ run: z.object({ id: z.string() }), count: z.number() });
        const step = () => Promise.reject(new Error("the step was called"));
        const probe = door({ ...{ name: "Probe", input: event, tools: {} }, step });
        const refused = probe({ run: {}, count: 1, hlod: "audit" }, lambda);
        await expect(refused).rejects.toThrow(InvalidEventError);
        await expect(refused).rejects.toThrow(/run\.id expects string.*the event has unknown keys hlod/);
      });
    });
  });

  it("logs a mistake of ours as an error, with the place in the code", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const step = () => Promise.reject(new TypeError("x is not a function"));
        const probe = door({ ...{ name: "Probe", input: z.object({}), tools: {} }, step });
        const lines = await linesOf(() => expect(probe({}, lambda)).rejects.toThrow(TypeError));
        expect(entriesIn(lines)).toMatchObject([
          {
            ...{ level: "ERROR", message: "Probe failed" },
            error: { name: "TypeError", message: "x is not a function", stack: expect.anything() },
          },
        ]);
      });
    });
  });

  it("logs a failure once, by our name for it, with the words of the call", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const probe = door({
          ...{ name: "Probe", input: z.object({ run: z.object({ id: z.string(), plan: z.string() }) }) },
          tools: {},
          step: async () => {
            throw new TransientError("AWS is tired");
          },
        });
        const event = { run: { id: "daily-1", plan: "daily" } };
        const lines = await linesOf(() => expect(probe(event, lambda)).rejects.toThrow("AWS is tired"));
        expect(entriesIn(lines)).toMatchObject([
          {
            ...{ level: "WARN", message: "Probe failed", name: "TransientError", reason: "AWS is tired" },
            ...{ run: "daily-1", plan: "daily", function: "Probe", request: "request-1" },
          },
        ]);
      });
    });
  });

  it("takes nothing of one call's words into the next", async () => {
    await withNight({ fleet: {} }, async ({ simulator }) => {
      await asDeployed(simulator, async () => {
        const probe = door({
          ...{ name: "Probe", input: z.object({ request: z.optional(z.object({ plan: z.string() })) }) },
          tools: {},
          step: async ({ request }: { request?: { plan: string } | undefined }, { journal }) => {
            if (request?.plan === "weekly") throw new TransientError("AWS is tired");
            journal({ kind: "sweep.ended", family: "rds", sets: 0, pruned: 0, problems: [] });
          },
        });
        const lines = await linesOf(async () => {
          await probe({ request: { plan: "daily", at } }, lambda);
          await probe({}, lambda);
          await expect(probe({ request: { plan: "weekly" } }, lambda)).rejects.toThrow(TransientError);
          await probe({}, lambda);
        });
        expect(entriesIn(lines).map(({ plan, function: name }) => [plan, name])).toEqual([
          ["daily", "Probe"],
          [undefined, "Probe"],
          ["weekly", "Probe"],
          [undefined, "Probe"],
        ]);
      });
    });
  });
});
