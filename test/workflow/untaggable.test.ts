import { expect, it } from "vitest";
import { at, cluster, plainPlan, snapshotsIn, withNight } from "../night.ts";

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

it("copies that nobody can tag while AWS does not answer cost the other family nothing", async () => {
  const clusters = [
    ...["a", "b", "c", "d", "e", "f"].map((id) => cluster(id, { sizeGib: 1000 })),
    cluster("warehouse", { engine: "redshift", snapshotCopy: { destination: "eu-west-1" } }),
  ];
  // One place makes the queue outlast the first look at what Redshift has brought.
  const config = `${plainPlan}    copies-in-flight: 1\n`;
  await withNight({ fleet: { clusters }, config }, async ({ run, simulator }) => {
    simulator.faults.add({ operation: "CreateTags", region: "eu-west-1", times: 9000, kind: "internal" });
    const { document } = await run({ plan: "daily", at });
    expect(Object.values(snapshotsIn(simulator, "eu-west-1"))).toEqual(Array(6).fill("available"));
    expect(document.problems).toMatchObject([{ cluster: "warehouse", code: "deadline" }]);
  });
});
