import { expect, it } from "vitest";
import { startSimulator } from "../../simulator/simulator.ts";
import { cluster, plainPlan } from "../night.ts";
import { at, holdfast, plansFile } from "./command.ts";

it("a run in this process that took nothing of a cluster is incomplete, and ends with 3", async () => {
  const clusters = [cluster("idle", { status: "stopped" })];
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), clusters } });
  try {
    const words = ["backup", "daily", "--local", "--stage", "test", "--config", plansFile(plainPlan)];
    const { code, stdout } = await holdfast(words, at(simulator.endpoint));
    expect(stdout).toMatch(/^run daily-.*: incomplete$/m);
    expect(code).toBe(3);
  } finally {
    await simulator.close();
  }
}, 60_000);
