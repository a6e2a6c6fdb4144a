import { expect, it } from "vitest";
import { wallTime } from "../../cli/virtual-time.ts";
import { inProcess, runWorkflow } from "../../cli/workflow.ts";
import { parseConfig } from "../../lib/runtime/config-file.ts";
import { makeRuntime } from "../../lib/runtime/runtime.ts";
import { createCore } from "../../simulator/core.ts";
import type { World } from "../../simulator/world.ts";
import { at, cluster, home, plainPlan, service, withNight } from "../night.ts";
import { inVirtualTime } from "./event-loop.ts";
import { secludeSdk } from "./sdk-environment.ts";
import { inProcessHandler } from "./wire.ts";

/** What a night leaves behind: every snapshot with its status and tags. */
const leftIn = (world: World): readonly string[] =>
  world
    .stores()
    .flatMap(({ region, clusterSnapshots, redshiftSnapshots }) =>
      [...clusterSnapshots.values(), ...redshiftSnapshots.values()].map(
        ({ id, status, tags }) => `${region} ${id} ${status} ${JSON.stringify([...tags].toSorted())}`,
      ),
    )
    .toSorted();

const fleet = {
  now: at,
  keys: [{ region: "eu-west-1", alias: "alias/backup" }],
  clusters: [
    cluster("orders", { encrypted: true }),
    cluster("graph", { engine: "neptune" }),
    cluster("docs", { engine: "docdb" }),
    cluster("warehouse", { engine: "redshift", snapshotCopy: { destination: "eu-west-1" } }),
  ],
};

/** The same night without a socket. */
const nightInProcess = async (): Promise<readonly string[]> => {
  const core = createCore({ fleet, wallNow: () => core.clock.now() });
  const clock = () => core.clock.now().getTime();
  const runtime = makeRuntime({
    ...{ service, home, journal: () => undefined, clock },
    config: parseConfig(plainPlan, { path: "holdfast.yml", home }),
    clients: {
      credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
      requestHandler: inProcessHandler({
        depart: async () => ({ outMs: 10, backMs: 0 }),
        answer: core.answer,
        arrive: async () => undefined,
      }),
    },
  });
  const release = secludeSdk();
  try {
    await inVirtualTime({ clock: core.clock, random: () => 0.5, stopped: () => false }, async () => {
      await runWorkflow({ request: { plan: "daily", at }, time: wallTime, ...inProcess(runtime) });
    });
  } finally {
    release();
  }
  return leftIn(core.world);
};

it("a night without sockets leaves what the same night over HTTP leaves", async () => {
  const inside = await nightInProcess();
  expect(inside).toHaveLength(8);
  await withNight({ fleet }, async ({ run, simulator }) => {
    await run({ plan: "daily", at });
    expect(leftIn(simulator.world)).toEqual(inside);
  });
});
