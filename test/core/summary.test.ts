import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChildResult } from "../../lib/core/batch.ts";
import { termsOf } from "../../lib/core/override.ts";
import type { Problem, ProblemCode } from "../../lib/core/problem.ts";
import type { SnapshotStatus } from "../../lib/core/snapshot.ts";
import {
  type ClusterRow,
  childProblems,
  mergeParts,
  type RowInput,
  rowOf,
  type Summary,
  summarise,
} from "../../lib/core/summary.ts";
import { clusterOf, copyOf, hourMs, now, planOf, pointOf, snapshotOf } from "./samples.ts";

const region = "us-east-1";
const { arn, resource } = clusterOf();
const problem = (code: ProblemCode, differs: Partial<Problem> = {}): Problem => ({
  cluster: "orders",
  region,
  code,
  ...differs,
});
const inputOf = (differs: Partial<RowInput> = {}): RowInput => ({
  member: { id: "orders", arn, resource },
  region,
  cluster: undefined,
  ...{ owned: [], unseen: [], at: now, now },
  snapshot: snapshotOf(),
  copies: [{ region: "eu-west-1", snapshot: snapshotOf({ region: "eu-west-1" }) }],
  terms: termsOf(planOf()),
  known: [],
  ...differs,
});
const codes = (differs: Partial<RowInput>): readonly ProblemCode[] =>
  rowOf(inputOf(differs)).problems.map(({ code }) => code);
const copyIn = (status: SnapshotStatus) => [
  { region: "eu-west-1", snapshot: snapshotOf({ region: "eu-west-1", status }) },
];

describe("a cluster's row", () => {
  it("tells what AWS shows, and no problem where all is there", () => {
    expect(rowOf(inputOf())).toEqual({
      cluster: "orders",
      arn,
      region,
      engine: "aurora-postgresql",
      snapshot: snapshotOf().id,
      status: "available",
      copies: [{ region: "eu-west-1", id: snapshotOf().id, status: "available" }],
      coverage: [
        { region, kind: "source", age: 0, objective: 130_500, newest: new Date(now).toISOString() },
        {
          region: "eu-west-1",
          kind: "copy",
          age: 0,
          objective: 130_500,
          newest: new Date(now).toISOString(),
        },
      ],
      problems: [],
    });
  });

  it("calls a cluster gone where another has its name, and not where AWS told its id at one look only", () => {
    const seen = (now: string, before = resource): readonly ProblemCode[] => {
      const member = { id: "orders", arn, resource: before };
      return codes({ member, cluster: clusterOf({ resource: now }), snapshot: undefined });
    };
    expect(seen("cluster-NEW")).toEqual(["missing"]);
    expect(seen("orders@2026-11-20T03:00:00.000Z")).toEqual(["lost"]);
    expect(seen("orders@2026-11-20T03:00:00.000Z", "orders@2026-01-01T00:00:00.000Z")).toEqual(["missing"]);
  });

  it("tells of an absent snapshot and copy that they are, and the engine from the cluster", () => {
    const row = rowOf(
      inputOf({
        snapshot: undefined,
        cluster: clusterOf({ engine: "neptune" }),
        copies: [{ region: "eu-west-1", snapshot: undefined }],
      }),
    );
    expect(row).toEqual({
      cluster: "orders",
      arn,
      region,
      engine: "neptune",
      status: "absent",
      copies: [{ region: "eu-west-1", status: "absent" }],
      coverage: [{ region, kind: "source", age: Math.floor(now / 1000), objective: 130_500, newest: null }],
      problems: [problem("lost")],
    });
  });

  it("tells no engine where neither cluster nor snapshot is there", () => {
    expect(rowOf(inputOf({ snapshot: undefined }))).not.toHaveProperty("engine");
  });

  it("takes the words of a child that met the problem, and infers none besides", () => {
    const known = [
      problem("quota-full"),
      problem("denied", { cluster: "billing" }),
      problem("refused", { region: "eu-west-1" }),
    ];
    expect(rowOf(inputOf({ snapshot: undefined, known })).problems).toEqual([problem("quota-full")]);
  });

  it("takes what one pump met for the reason of what is missing there, and of nothing elsewhere", () => {
    const absent = ["eu-west-1", "eu-west-2"].map((place) => ({ region: place, snapshot: undefined }));
    const known = [{ ...problem("key-missing"), to: "eu-west-2" }];
    const { problems } = rowOf(inputOf({ copies: absent, known }));
    expect(problems).toEqual([problem("key-missing"), problem("lost")]);
    const both = [...known, { ...problem("key-missing"), to: "eu-west-1" }];
    expect(codes({ copies: absent, known: both })).toEqual(["key-missing"]);
    expect(codes({ copies: absent, known: [problem("stopped")] })).toEqual(["stopped"]);
    const gone = { snapshot: undefined, copies: absent };
    expect(codes({ ...gone, known })).toEqual(["key-missing", "lost"]);
    const asked = { ...problem("no-snapshot"), to: "eu-west-1" };
    expect(codes({ ...gone, known: [asked] })).toEqual(["no-snapshot"]);
    expect(codes({ copies: absent, known: [...known, asked] })).toEqual(["key-missing", "no-snapshot"]);
    expect(codes({ ...gone, known: [...known, asked] })).toEqual(["key-missing", "no-snapshot"]);
    expect(codes({ ...gone, known: [problem("quota-full"), asked] })).toEqual(["quota-full"]);
  });

  it.each([
    "override-retention",
    "override-copies",
    "override-plan",
    "brake",
    "copy-gate",
    "undeletable",
  ] as const)("tells that there was no snapshot to copy beside %s, which is no reason for it", (code) => {
    const known = [problem("no-snapshot"), problem(code)];
    expect(codes({ snapshot: undefined, known })).toEqual(["no-snapshot", code]);
  });
});

describe("how old a cluster's recovery points are", () => {
  const plan = planOf({
    copies: [{ region: "eu-west-1", unencrypted: true, retention: {} }],
    objective: { sourceSeconds: 26 * 3600, copySeconds: 30 * 3600 },
  });
  const terms = termsOf(plan);
  const at = now - 2 * hourMs;
  const cluster = clusterOf({ createdAt: "2026-01-01T00:00:00Z" });
  const whole = { terms, at, owned: [] };
  const agesOf = (differs: Partial<RowInput>) => {
    const { coverage, problems } = rowOf(inputOf({ ...whole, ...differs }));
    const ages = coverage.map(
      ({ region: place, age, objective }) => `${place} ${age / 3600}h${age > objective ? " late" : ""}`,
    );
    return [...ages, ...problems.map(({ code }) => code)];
  };

  it("is the run's own age where the run brought everything", () => {
    expect(agesOf({})).toEqual(["us-east-1 2h", "eu-west-1 2h"]);
    expect(agesOf({ at: now - 27 * hourMs })).toEqual(["us-east-1 27h late", "eu-west-1 27h"]);
  });

  it("is that of what later runs have brought, where that was seen", () => {
    const old = { at: now - 30 * hourMs, cluster };
    const later = pointOf({ at: now - 6 * hourMs });
    const others = pointOf({ at: now - hourMs, plan: "hourly" });
    expect(agesOf({ ...old, owned: [later, copyOf(later), others] })).toEqual([
      "us-east-1 6h",
      "eu-west-1 6h",
    ]);
    expect(agesOf({ ...old, owned: [later] })).toEqual(["us-east-1 6h", "eu-west-1 30h"]);
    expect(agesOf({ ...old, owned: [later], unseen: ["eu-west-1"] })).toEqual(["us-east-1 6h"]);
  });

  it("is that of the newest there is where something is missing, however old that is", () => {
    const [yesterday, third] = [26, 50].map((hours) => pointOf({ at: now - hours * hourMs }));
    const copies = [{ region: "eu-west-1", snapshot: undefined }];
    if (!yesterday || !third) throw new Error("two points");
    const owned = [yesterday, third, copyOf(third)];
    expect(agesOf({ snapshot: undefined, copies, cluster, owned })).toEqual([
      ...["us-east-1 26h", "eu-west-1 50h late"],
      "lost",
    ]);
    expect(agesOf({ snapshot: undefined, copies, cluster, owned: [yesterday, copyOf(yesterday)] })).toEqual([
      ...["us-east-1 26h", "eu-west-1 26h"],
      "lost",
    ]);
  });

  it("is not told of a region that was not seen, nor of a cluster that is gone", () => {
    const copies = [{ region: "eu-west-1", snapshot: undefined }];
    const owned = [pointOf({ at: now - hourMs })];
    expect(agesOf({ copies, cluster, owned, unseen: ["eu-west-1"] })).toEqual(["us-east-1 1h", "lost"]);
    expect(agesOf({ copies, cluster: undefined, owned })).toEqual(["lost"]);
  });

  it("is that of the source alone where AWS copies nothing", () => {
    const snapshot = snapshotOf({ engine: "mysql" });
    expect(agesOf({ snapshot, copies: [{ region: "eu-west-1", snapshot: undefined }] })).toEqual([
      "us-east-1 2h",
      "copy-unsupported",
    ]);
  });
});

describe("a problem that nobody met", () => {
  it.each<readonly [SnapshotStatus, ProblemCode]>([
    ["creating", "deadline"],
    ["copying", "deadline"],
    ["failed", "lost"],
    ["deleting", "lost"],
    ["unknown", "lost"],
  ])("is inferred where the snapshot or its copy is %s: %s", (status, code) => {
    expect(codes({ snapshot: snapshotOf({ status }) })).toEqual([code]);
    expect(codes({ copies: copyIn(status) })).toEqual([code]);
  });

  it("is that a later run has a newer point, where there is one in the place in which the run's is absent", () => {
    const cluster = clusterOf();
    const at = now - 2 * hourMs;
    const [newer, older] = [pointOf({ at: now - hourMs }), pointOf({ at: now - 3 * hourMs })];
    const others = pointOf({ at: now - hourMs, plan: "hourly" });
    const absent = { at, cluster, snapshot: undefined };
    expect(codes({ ...absent, owned: [older, newer] })).toEqual(["superseded"]);
    expect(codes({ ...absent, owned: [older, others] })).toEqual(["lost"]);
    const copies = (unfinished: boolean) => [{ region: "eu-west-1", snapshot: undefined, unfinished }];
    expect(codes({ at, cluster, copies: copies(true), owned: [newer, copyOf(newer)] })).toEqual([
      "superseded",
    ]);
    expect(codes({ at, cluster, copies: copies(true), owned: [newer] })).toEqual(["deadline"]);
    expect(codes({ at, cluster, copies: copies(false), owned: [newer] })).toEqual(["lost"]);
  });

  it("is inferred where a copy is absent", () => {
    expect(codes({ copies: [{ region: "eu-west-1", snapshot: undefined }] })).toEqual(["lost"]);
  });

  it("is one for a missing snapshot, not another for the copy that could not come of it", () => {
    expect(codes({ snapshot: undefined, copies: [{ region: "eu-west-1", snapshot: undefined }] })).toEqual([
      "lost",
    ]);
  });

  it("is for a copy that AWS cannot make that it cannot, once, where no pump has said so", () => {
    const snapshot = snapshotOf({ engine: "postgres" });
    const absent = ["eu-west-1", "eu-west-2"].map((place) => ({ region: place, snapshot: undefined }));
    expect(codes({ snapshot, copies: absent })).toEqual(["copy-unsupported"]);
    expect(codes({ snapshot, copies: absent, known: [problem("undeletable")] })).toEqual([
      ...["undeletable", "copy-unsupported"],
    ]);
    expect(codes({ snapshot, copies: absent, known: [problem("copy-unsupported")] })).toEqual([
      "copy-unsupported",
    ]);
    expect(codes({ snapshot, copies: [] })).toEqual([]);
  });

  it("is not inferred for a stopped cluster that the plan expects to be, now or when the run began", () => {
    const absent = { snapshot: undefined, terms: termsOf(planOf({ stopped: "skip" })) };
    const member = { id: "orders", arn, resource, status: "stopped" };
    expect(codes({ ...absent, cluster: clusterOf({ status: "stopped" }) })).toEqual([]);
    expect(codes({ ...absent, member })).toEqual([]);
    expect(codes({ ...absent, member, cluster: clusterOf() })).toEqual(["lost"]);
    expect(codes({ ...absent, member, terms: termsOf(planOf()) })).toEqual(["lost"]);
  });
});

const childOf = (differs: Partial<ChildResult> = {}): ChildResult => ({
  region,
  family: "rds",
  counts: {},
  problems: [],
  ...differs,
});

describe("a run's summary", () => {
  const good = rowOf(inputOf());
  const bad = rowOf(inputOf({ snapshot: undefined }));

  it("is complete when nothing is wrong, with what was made and pruned added up", () => {
    const children = [
      childOf({ counts: { available: 2, pruned: 3 } }),
      childOf({ counts: { copied: 2 } }),
      childOf({ counts: { pruned: 4 } }),
    ];
    expect(summarise({ rows: [good, good], children, others: [] })).toEqual({
      outcome: "complete",
      totals: { clusters: 2, snapshots: 2, copies: 2, pruned: 7, problems: 0 },
      problems: [],
    });
  });

  it("is complete without any cluster", () => {
    expect(summarise({ rows: [], children: [], others: [] }).outcome).toBe("complete");
  });

  it.each<readonly [string, Partial<Parameters<typeof summarise>[0]>, Problem]>([
    ["a row", { rows: [good, bad] }, problem("lost")],
    ["a child", { children: [childOf({ problems: [problem("brake")] })] }, problem("brake")],
    ["neither", { others: [problem("unlisted", { cluster: "*" })] }, problem("unlisted", { cluster: "*" })],
    [
      "a child that was cut off",
      { children: [childOf({ lost: "States.Timeout" })] },
      problem("lost", { cluster: "*" }),
    ],
  ])("is incomplete by one problem of %s", (_whose, differs, expected) => {
    const summary = summarise({ rows: [good], children: [], others: [], ...differs });
    expect(summary).toMatchObject({ outcome: "incomplete", problems: [expected], totals: { problems: 1 } });
  });

  it("tells the same problem once, from whomever it came", () => {
    const rows = [{ ...bad, problems: [problem("quota-full")] }];
    const children = [
      childOf({ problems: [problem("quota-full")] }),
      childOf({ problems: [problem("quota-full")] }),
    ];
    expect(summarise({ rows, children, others: [] }).problems).toEqual([problem("quota-full")]);
  });

  it("leaves it to a cluster's row whether there was no snapshot, and to no namesake's in another region", () => {
    const rows = [{ ...bad, problems: [problem("quota-full")] }];
    const children = [childOf({ problems: [problem("quota-full"), problem("no-snapshot")] })];
    const away = rows.map((row) => ({ ...row, region: "ap-south-1" }));
    const told = [rows, away].map((some) => summarise({ rows: some, children, others: [] }).problems);
    expect(told).toEqual([[problem("quota-full")], [problem("quota-full"), problem("no-snapshot")]]);
  });

  it("keeps what a child met before it was cut off", () => {
    const lost = childOf({ problems: [problem("denied")], lost: "States.TaskFailed" });
    expect(childProblems([lost])).toEqual([problem("denied"), problem("lost", { cluster: "*" })]);
  });

  const anyStatus = fc.constantFrom<ClusterRow["status"]>("available", "creating", "failed", "absent");
  const anyProblem = fc.record({
    cluster: fc.constantFrom("a", "b", "*"),
    region: fc.constant(region),
    code: fc.constantFrom<ProblemCode>("lost", "brake"),
  });
  const anyRow = fc
    .record({
      status: anyStatus,
      copies: fc.array(anyStatus),
      problems: fc.array(anyProblem, { maxLength: 2 }),
    })
    .map(
      ({ status, copies, problems }): ClusterRow => ({
        ...good,
        status,
        problems,
        copies: copies.map((one) => ({ region, status: one })),
      }),
    );
  const anyChild = fc
    .record({
      problems: fc.array(anyProblem),
      lost: fc.option(fc.constant("States.Timeout"), { nil: undefined }),
    })
    .map(({ problems, lost }) => childOf({ problems, ...(lost && { lost }) }));

  it("never calls a run complete in which anyone met anything, and loses no problem", () => {
    fc.assert(
      fc.property(fc.array(anyRow), fc.array(anyChild), fc.array(anyProblem), (rows, children, others) => {
        const met = [
          ...rows.flatMap(({ problems }) => problems),
          ...children.flatMap(({ problems }) => problems),
          ...others,
        ];
        const { outcome, problems, totals } = summarise({ rows, children, others });
        expect(outcome === "complete").toBe(
          met.length === 0 && children.every(({ lost }) => lost === undefined),
        );
        expect(problems).toEqual(expect.arrayContaining(met));
        expect(totals).toMatchObject({ clusters: rows.length, problems: problems.length });
        expect(totals.snapshots).toBe(rows.filter(({ status }) => status === "available").length);
      }),
    );
  });
});

describe("the summary of a run in parts", () => {
  const empty = summarise({ rows: [], children: [], others: [] });
  const part = (differs: Partial<Summary["totals"]> = {}, problems: readonly Problem[] = []): Summary => ({
    outcome: problems.length === 0 ? "complete" : "incomplete",
    totals: {
      ...{ clusters: 10, snapshots: 10, copies: 5, pruned: 3, problems: problems.length },
      ...differs,
    },
    problems,
  });

  it("is the whole's own where there are no parts", () => {
    const others = [problem("unlisted")];
    const own = summarise({ rows: [], children: [], others });
    expect(mergeParts(own, [])).toEqual(own);
  });

  it("adds up what the parts did, and is complete where all are", () => {
    expect(mergeParts(empty, [part(), part({ clusters: 7, pruned: 0 })])).toEqual({
      outcome: "complete",
      totals: { clusters: 17, snapshots: 20, copies: 10, pruned: 3, problems: 0 },
      problems: [],
    });
  });

  it("tells once what two parts met alike, and counts what a part could only count", () => {
    const [silent, stopped] = [
      problem("unlisted", { cluster: "*" }),
      problem("stopped", { cluster: "idle" }),
    ];
    const merged = mergeParts(empty, [part({ problems: 31 }, [silent]), part({}, [silent, stopped])]);
    expect(merged.problems).toEqual([silent, stopped]);
    expect([merged.outcome, merged.totals.problems]).toEqual(["incomplete", 32]);
  });

  it("is incomplete where a part is lost, however well the others did", () => {
    const { outcome, problems, totals } = mergeParts(empty, [part(), { lost: "States.Timeout" }]);
    expect([outcome, problems]).toEqual(["incomplete", [{ cluster: "*", region: "*", code: "lost" }]]);
    expect(totals).toMatchObject({ clusters: 10, problems: 1 });
  });

  it("says in which regions what is lost was", () => {
    const regions = ["us-east-1", "us-west-2"];
    const { problems } = mergeParts(empty, [part(), { lost: "States.Timeout", part: { regions } }]);
    expect(problems).toEqual(regions.map((region) => ({ cluster: "*", region, code: "lost" })));
  });

  it("is incomplete where the whole met something that no part did", () => {
    const own = summarise({ rows: [], children: [], others: [problem("not-selected")] });
    expect(mergeParts(own, [part()]).outcome).toBe("incomplete");
  });
});
