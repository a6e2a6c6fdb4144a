import { expect, it } from "vitest";
import { at, cluster, snapshotsIn, withNight } from "../night.ts";

// Found by a simulated month: somebody had put another owner's tag on a copy that Redshift had made. AWS refused to let
// the pump tag it, the pump ended by that, and no cluster got a copy in that region any more, night after night.
it("a copy that may not be tagged costs the other clusters nothing", async () => {
  const clusters = [
    cluster("orders"),
    cluster("warehouse", { engine: "redshift", snapshotCopy: { destination: "eu-west-1" } }),
  ];
  await withNight({ fleet: { clusters } }, async ({ run, simulator }) => {
    const kind = { code: "AccessDenied", status: 403, message: "no" };
    simulator.faults.add({ operation: "CreateTags", region: "eu-west-1", times: 1000, kind });
    const { document } = await run({ plan: "daily", at });
    expect(Object.values(snapshotsIn(simulator, "eu-west-1"))).toEqual(["available"]);
    expect(document.outcome).toBe("incomplete");
    expect(document.problems.map((problem) => problem.cluster)).toEqual(["warehouse"]);
  });
});
