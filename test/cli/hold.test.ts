import { describe, expect, it } from "vitest";
import type { HoldDocument } from "../../cli/hold-document.ts";
import type { Cluster } from "../../lib/core/cluster.ts";
import { snapshotName } from "../../lib/core/naming.ts";
import { stampSnapshot } from "../../lib/core/ownership.ts";
import { runId } from "../../lib/core/run.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { at, holdfast, plansFile } from "./command.ts";
import { documentOf } from "./documents.ts";

const taken = "2026-11-20T03:00:00Z";
const regions = ["us-east-1", "eu-west-1"];
const account = "123456789012";
const plans = plansFile(`regions: [${regions}]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select: { tags: { backup: [daily] } }
    retention: { keep-daily: 3 }
`);

type Engine = "aurora-mysql" | "redshift";

const point = (id: string, engine: Engine = "aurora-mysql", service = "holdfast/test") => {
  const run = { plan: "daily", at: taken, id: runId("daily", taken), deadline: taken };
  const cluster: Cluster = {
    ...{ arn: `arn:aws:rds:us-east-1:${account}:cluster:${id}`, id, resource: `cluster-${id}`, engine },
    ...{ region: "us-east-1", status: "available", encrypted: false, tags: {}, readOnlyReplica: false },
  };
  const tags = { ...stampSnapshot({ service, run, cluster, retention: { daily: 3 } }) };
  return {
    region: "us-east-1",
    cluster: id,
    engine,
    created: taken,
    id: snapshotName({ service, run, cluster }),
    tags,
  };
};

const [orders, docs, lake, failed, others] = [
  point("orders"),
  point("docs"),
  point("lake", "redshift"),
  { ...point("broken"), status: "failed" },
  point("orders", "aurora-mysql", "holdfast/prod"),
] as const;
const arnOf = ({ region, id }: { region: string; id: string }) =>
  `arn:aws:rds:${region}:${account}:cluster-snapshot:${id}`;
const copy = {
  ...orders,
  ...{ region: "eu-west-1", sourceArn: arnOf(orders) },
  tags: { ...orders.tags, "holdfast:source": arnOf(orders) },
};
const manual = {
  region: "us-east-1",
  cluster: "orders",
  engine: "aurora-mysql",
  created: taken,
  id: "by-hand",
} as const;

/** An account with recovery points of ours and others' snapshots, and the command there. */
const withPoints = async (work: (lab: Lab) => Promise<void>): Promise<void> => {
  const snapshots = [orders, copy, docs, lake, failed, others, manual];
  const simulator = await startSimulator({ fleet: { now: "2026-11-21T00:00:00Z", snapshots } });
  const holdOf = (region: string, id: string): string | undefined => {
    const { clusterSnapshots, redshiftSnapshots } = simulator.world.store(region);
    return (clusterSnapshots.get(id) ?? redshiftSnapshots.get(id))?.tags.get("holdfast:hold");
  };
  const run = (...words: string[]) =>
    holdfast([...words, "--config", plans, "--stage", "test"], at(simulator.endpoint));
  const writes = () =>
    simulator.calls.entries.filter(({ operation }) => !/^Describe|^Get/.test(operation)).length;
  try {
    await work({ run, holdOf, writes });
  } finally {
    await simulator.close();
  }
};

interface Lab {
  readonly run: (...words: string[]) => ReturnType<typeof holdfast>;
  readonly holdOf: (region: string, id: string) => string | undefined;
  readonly writes: () => number;
}

describe("holdfast hold and release", () => {
  it.each([
    ["the RDS family", docs],
    ["Redshift", lake],
  ])(
    "hold a recovery point of %s and let it go, saying what was done, as often as asked",
    async (_, { id }) => {
      await withPoints(async ({ run, holdOf, writes }) => {
        const place = `${id} in us-east-1`;
        const held = await run("hold", id, "--reason", 'Bob\'s "audit"');
        expect(held).toEqual({ code: 0, stdout: `held ${place}: Bob-s -audit-\n`, stderr: "" });
        expect(holdOf("us-east-1", id)).toBe("Bob-s -audit-");
        expect((await run("hold", id)).stdout).toBe(`${place} is held already: Bob-s -audit-\n`);
        expect(writes()).toBe(1);
        expect((await run("hold", id, "--reason", "tax")).stdout).toBe(
          `held ${place}: tax (before: Bob-s -audit-)\n`,
        );
        expect((await run("release", id)).stdout).toBe(`released ${place}, which was held: tax\n`);
        expect(holdOf("us-east-1", id)).toBeUndefined();
        const again = await run("release", id);
        expect([again.code, again.stdout]).toEqual([0, `${place} is not held\n`]);
        expect(writes()).toBe(3);
      });
    },
  );

  it("ask which one is meant where it is in several regions, or take all of them", async () => {
    await withPoints(async ({ run, holdOf }) => {
      const { code, stderr } = await run("hold", orders.id);
      expect([code, stderr]).toEqual([
        2,
        `holdfast: ${orders.id} is in several places: us-east-1, eu-west-1; say which with --in, or all with --copies\n`,
      ]);
      const places = () => regions.map((region) => holdOf(region, orders.id));
      expect((await run("hold", orders.id, "--in", "eu-west-1")).code).toBe(0);
      expect(places()).toEqual([undefined, "on request"]);
      const { stdout } = await run("hold", orders.id, "--copies", "--json", "--reason", "audit");
      expect(documentOf<HoldDocument>("hold", stdout).points).toMatchObject([
        { region: "us-east-1", copy: false, did: "held", reason: "audit", was: null },
        { region: "eu-west-1", copy: true, did: "held", reason: "audit", was: "on request" },
      ]);
      expect(places()).toEqual(["audit", "audit"]);
      expect((await run("release", arnOf(orders))).code).toBe(0);
      expect(places()).toEqual([undefined, "audit"]);
      const released = documentOf<HoldDocument>(
        "release",
        (await run("release", arnOf(orders), "--copies", "--json")).stdout,
      );
      expect(released.points.map(({ did, reason }) => [did, reason])).toEqual([
        ["nothing", null],
        ["released", null],
      ]);
    });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    [
      "what is not there",
      ["nothing-here"],
      1,
      /^holdfast: there is no manual snapshot nothing-here in us-east-1, eu-west-1\n$/,
    ],
    ["what is elsewhere", [docs.id, "--in", "eu-west-1"], 1, /no manual snapshot .* in eu-west-1\n$/],
    [
      "what has no name",
      [""],
      2,
      /^holdfast: name the snapshot by its identifier or ARN, as `holdfast list` shows/,
    ],
    [
      "what is in no region",
      [docs.id, "--in", "mars-1"],
      2,
      /^holdfast: --in mars-1 is no region; use one such as eu-west-1\n$/,
    ],
    [
      "what is in a region that is not looked at",
      [docs.id, "--in", "eu-west-3"],
      2,
      /^holdfast: --in eu-west-3 is not in holdfast.yml's regions, which are us-east-1, eu-west-1; add it there, or name the snapshot by its ARN\n$/,
    ],
    [
      "what was made by hand",
      ["by-hand"],
      2,
      /^holdfast: by-hand in us-east-1 is not a recovery point of holdfast\/test, and is left alone\n$/,
    ],
    [
      "another stage's",
      [others.id],
      2,
      /is left alone; for a recovery point of holdfast\/prod say --stage prod\n$/,
    ],
    [
      "what failed",
      [failed.id],
      2,
      /^holdfast: holdfast-daily-broken-\S+ in us-east-1: it is failed, and no recovery point\n$/,
    ],
    [
      "an ARN of another region",
      [arnOf(docs), "--in", "eu-west-1"],
      2,
      /is in us-east-1, not in eu-west-1; leave --in out/,
    ],
  ])("leave alone %s", async (_, words, status, sentence) => {
    await withPoints(async ({ run, writes }) => {
      const { code, stdout, stderr } = await run("hold", ...words);
      expect(stderr).toMatch(sentence);
      expect([code, stdout, writes()]).toEqual([status, "", 0]);
    });
  });

  it.each([
    [["release", ""], /^holdfast: name the snapshot by its identifier or ARN/],
    [["release", docs.id, "--in", "mars-1"], /^holdfast: --in mars-1 is no region/],
  ])("refuse %j as well", async (words, sentence) => {
    const { code, stderr } = await holdfast([...words, "--config", plans], at("http://127.0.0.1:9"));
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });

  it("say what AWS refused, of some with 3", async () => {
    const simulator = await startSimulator({
      fleet: { now: "2026-11-21T00:00:00Z", snapshots: [orders, copy] },
    });
    try {
      const denied = { code: "AccessDenied", status: 403, message: "not you" };
      simulator.faults.add({ service: "rds", operation: "AddTagsToResource", times: 1, kind: denied });
      const words = ["hold", orders.id, "--copies", "--config", plans, "--stage", "test"];
      const { code, stdout, stderr } = await holdfast(words, at(simulator.endpoint));
      expect([code, stdout]).toEqual([3, `held ${orders.id} in eu-west-1: on request\n`]);
      expect(stderr).toMatch(
        /^holdfast: rds AddTagsToResource in us-east-1: AccessDenied.*: not you; check the/,
      );
    } finally {
      await simulator.close();
    }
  });
});
