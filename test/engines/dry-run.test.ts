import { expect, it } from "vitest";
import { type Deed, dryRun } from "../../lib/engines/dry-run.ts";
import { home, openLab, orderFor, owned, service } from "./lab.ts";
import { smallFleet, subjects } from "./subjects.ts";

it.each(subjects)(
  "a dry run of $name calls no error what is gone already, and records it once",
  async (subject) => {
    const { simulator, clients } = await openLab(smallFleet(subject));
    const real = subject.make(clients);
    await real.createSnapshot(await orderFor(real, "orders"));
    simulator.clock.advance(60);
    const deeds: Deed[] = [];
    const engine = dryRun(real, { record: (deed) => void deeds.push(deed), clock: () => 0 });
    const snapshots = (await engine.pickSnapshots(home, (one) => one)).map(owned);
    for (const _ of [1, 2]) {
      const outcome = await engine.deleteSnapshots({ service, region: home, snapshots });
      expect(outcome).toEqual(snapshots.map(({ snapshot: { id } }) => ({ id })));
    }
    expect(deeds).toEqual(snapshots.map(({ snapshot: { id } }) => ({ do: "delete", region: home, id })));
    expect(deeds).toHaveLength(1);
  },
);
