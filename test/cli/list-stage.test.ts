import { expect, it } from "vitest";
import type { ListDocument } from "../../cli/list-document.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { clusterOf } from "../steps/points.ts";
import { at, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";
import { recents } from "./recent.ts";

const plans = plansFile(`regions: [us-east-1, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] }, regions: [us-east-1] }
    retention: { keep-daily: 3 }
`);

it.each([[[]], [["--cluster", "orders"]]])(
  "holdfast list %j points whoever looks at the wrong stage to the right one",
  async (filter) => {
    const fleet = {
      now: new Date().toISOString(),
      clusters: [clusterOf("orders")],
      snapshots: [...recents(1)],
    };
    const simulator = await startSimulator({ fleet });
    try {
      const words = ["list", "--config", plans, ...filter];
      const { code, stdout } = await holdfast(words, at(simulator.endpoint));
      expect([code, stdout.replaceAll(/\s+/g, " ")]).toEqual([
        0,
        expect.stringMatching(
          /^no recovery point of holdfast\/dev .*; there are some of holdfast\/test \(--stage\) $/,
        ),
      ]);
      const { stdout: json } = await holdfast([...words, "--json"], at(simulator.endpoint));
      expect(documentOf<ListDocument>("list", json).others).toEqual(["holdfast/test"]);
    } finally {
      await simulator.close();
    }
  },
);
