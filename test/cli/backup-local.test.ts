import { expect, it } from "vitest";
import type { ResultDocument } from "../../cli/result-document.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { cluster, home, plainPlan } from "../night.ts";
import { denied, writesIn } from "../steps/points.ts";
import { at, type Ended, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";

const backupLocal = async (
  words: readonly string[],
  { status = "available", silent = false } = {},
): Promise<Ended & { readonly simulator: Simulator }> => {
  const clusters = [cluster("orders", { status })];
  const simulator = await startSimulator({ fleet: { now: new Date().toISOString(), clusters } });
  if (silent) simulator.faults.add({ region: home, service: "rds", times: 1000, kind: denied });
  if (silent) simulator.faults.add({ region: home, service: "redshift", times: 1000, kind: denied });
  try {
    const command = ["backup", "daily", "--local", "--stage", "test", "--config", plansFile(plainPlan)];
    return { ...(await holdfast([...command, ...words], at(simulator.endpoint))), simulator };
  } finally {
    await simulator.close();
  }
};

it("a run in this process that took nothing of a cluster is incomplete, and ends with 3", async () => {
  const { code, stdout } = await backupLocal([], { status: "stopped" });
  expect(stdout).toMatch(/^run daily-.*: incomplete$/m);
  expect(code).toBe(3);
}, 60_000);

it("a run in this process that could not begin has failed, and ends with 1", async () => {
  const { code, stdout, simulator } = await backupLocal(["--json"], { silent: true });
  const { outcome, execution } = documentOf<ResultDocument>("backup", stdout);
  expect([outcome, execution.error]).toEqual(["failed", "DeniedError"]);
  expect([code, writesIn(simulator)]).toEqual([1, []]);
}, 60_000);
