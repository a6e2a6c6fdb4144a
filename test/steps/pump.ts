import { copy } from "../../lib/steps/copy.ts";
import type { CopyOutput } from "../../lib/steps/copy-pass.ts";
import { snapshot } from "../../lib/steps/snapshot.ts";
import { type Night, type NightInput, withNight } from "../night.ts";
import { discovered } from "./batch.ts";

/** One pass of the pump into eu-west-1, which begins anew or goes on where the last one ended. */
export type Pump = (last?: CopyOutput) => Promise<CopyOutput>;

/** A night in which everything has been snapshotted, and a pump to turn. */
export const withPump = (
  options: NightInput,
  work: (pump: Pump, night: Night) => Promise<void>,
): Promise<void> =>
  withNight(options, async (night) => {
    const { run, batches } = await discovered(night);
    for (const batch of batches) await snapshot({ run, batch }, night.context());
    const destination = { region: "eu-west-1" };
    const pump: Pump = (last) =>
      copy({ run, destination, batches, ...(last && { work: last }) }, night.context());
    await work(pump, night);
  });
