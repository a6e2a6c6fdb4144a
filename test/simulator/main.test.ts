import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DescribeDBClusterSnapshotsCommand, DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { readFleet } from "../../simulator/fleet.ts";

const root = resolve(import.meta.dirname, "../..");
const exampleFleet = "simulator/example-fleet.yaml";
const folder = mkdtempSync(join(tmpdir(), "simulator-main-"));
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const launch = (args: readonly string[]) => {
  const child = spawn(process.execPath, ["simulator/main.ts", ...args], { cwd: root });
  running.add(child);
  const read = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    read.stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    read.stderr += chunk;
  });
  const ended = new Promise<Ended>((done) => child.on("close", (code) => done({ code, ...read })));
  return { child, ended, read };
};

const run = (...args: string[]): Promise<Ended> => launch(args).ended;

/** Starts it and waits for what it prints, which ends with the example command or one line of JSON. */
const serve = async (...args: string[]) => {
  const { child, ended, read } = launch(["--port", "0", ...args]);
  const complete = () =>
    args.includes("--json") ? read.stdout.endsWith("\n") : read.stdout.includes("--query");
  await new Promise<void>((done, failed) => {
    child.stdout.on("data", () => complete() && done());
    void ended.then(({ stderr }) => failed(new Error(`it ended: ${stderr}`)));
  });
  return { child, ended, printed: read.stdout };
};

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const clientOf = (endpoint: string) =>
  new RDSClient({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "simulator", secretAccessKey: "simulator" },
  });

describe("the simulator's command", () => {
  it("prints where it serves and how to try it, in 80 columns", async () => {
    const { printed } = await serve("--fleet", exampleFleet);
    expect(printed).toMatch(/A simulated AWS serves at http:\/\/127\.0\.0\.1:\d+ until Ctrl-C\./);
    expect(printed).toMatch(/Access key +simulator\n +Secret key +simulator\n/);
    expect(printed).toContain("8 clusters and 7 snapshots in 2 regions");
    expect(printed).toContain("2026-03-01T00:00:00.000Z, runs in real time");
    expect(printed.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("prints a command that works when pasted", async () => {
    const { printed } = await serve("--fleet", exampleFleet);
    const endpoint = / serves at (\S+) /.exec(printed)?.[1] ?? "";
    const command = printed.slice(printed.indexOf("Try it:") + "Try it:".length).trim();
    expect(command).toBe(
      [
        "AWS_ACCESS_KEY_ID=simulator AWS_SECRET_ACCESS_KEY=simulator",
        `aws --endpoint-url ${endpoint} --region eu-west-1`,
        "rds describe-db-clusters --output table",
        "--query 'DBClusters[].[DBClusterIdentifier,Engine,Status]'",
      ].join(" \\\n  "),
    );
    const client = clientOf(endpoint);
    const { DBClusters } = await client.send(new DescribeDBClustersCommand({}));
    expect(DBClusters?.map(({ DBClusterIdentifier }) => DBClusterIdentifier)).toContain("shop");
  });

  it("prints one line of JSON for programs", async () => {
    const { printed } = await serve("--fleet", exampleFleet, "--json", "--speed", "60");
    expect(JSON.parse(printed)).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      region: "eu-west-1",
      account: "123456789012",
      accessKeyId: "simulator",
      secretAccessKey: "simulator",
      fleet: exampleFleet,
      clusters: 8,
      snapshots: 7,
      regions: 2,
      now: "2026-03-01T00:00:00.000Z",
      speed: 60,
    });
  });

  it("lives in the present with an empty account unless told otherwise", async () => {
    const before = Date.now();
    const { now, clusters, fleet } = JSON.parse((await serve("--json")).printed);
    expect({ clusters, fleet }).toEqual({ clusters: 0, fleet: null });
    expect(Date.parse(now)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(now)).toBeLessThanOrEqual(Date.now());
  });

  it("runs its clock as fast as asked", async () => {
    const { printed } = await serve("--fleet", exampleFleet, "--json", "--speed", "3600");
    const client = clientOf(JSON.parse(printed).endpoint);
    const status = async () => {
      const asked = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: "graph-tonight" });
      return (await client.send(asked)).DBClusterSnapshots?.[0]?.Status;
    };
    // 160 virtual seconds of work, a blink at this speed, and more than this test may take without.
    await expect.poll(status, { timeout: 10_000 }).toBe("available");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends on %s at once with status 0", async (signal) => {
    const { child, ended, printed } = await serve("--json");
    await clientOf(JSON.parse(printed).endpoint).send(new DescribeDBClustersCommand({}));
    const asked = performance.now();
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
    expect(performance.now() - asked).toBeLessThan(2000);
  });

  it("explains itself", async () => {
    const { code, stdout } = await run("--help");
    expect(code).toBe(0);
    for (const option of ["--port", "--fleet", "--speed", "--json"]) expect(stdout).toContain(option);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("the simulator's command, misused", () => {
  it.each([
    [["--port", "many"], '--port is "many"; use a whole number from 0 to 65535'],
    [["--port", "65536"], '--port is "65536"; use a whole number from 0 to 65535'],
    [["--speed", "0"], '--speed is "0"; use a number above 0 and up to 86400'],
    [["--speed", "fast"], '--speed is "fast"; use a number above 0 and up to 86400'],
    [["--fleet"], "--fleet needs a value; write it as --fleet VALUE"],
    [["--flet", "x.yaml"], "there is no option --flet; --help lists those there are"],
    [["x.yaml"], '"x.yaml" belongs to no option; a fleet file is given as --fleet FILE'],
    [["--json=yes"], '--json takes no value; leave out "yes"'],
  ])("refuses %j in one sentence with status 2", async (args, sentence) => {
    expect(await run(...args)).toEqual({ code: 2, stdout: "", stderr: `simulator: ${sentence}\n` });
  });

  it.each(["", "# nothing yet\n", "{}\n"])("refuses a fleet file that holds %j", async (text) => {
    const path = file("empty.yaml", text);
    const stderr = `simulator: ${path} holds nothing; leave --fleet out for an empty account\n`;
    expect(await run("--fleet", path)).toEqual({ code: 2, stdout: "", stderr });
  });

  it("names a fleet file that is not there", async () => {
    const stderr = "simulator: there is no file gone.yaml; give another with --fleet\n";
    expect(await run("--fleet", "gone.yaml")).toEqual({ code: 1, stdout: "", stderr });
  });

  it("names a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    const stderr = `simulator: port ${port} is in use; give another with --port\n`;
    expect(await run("--port", String(port))).toEqual({ code: 1, stdout: "", stderr });
    await new Promise((done) => server.close(done));
  });

  const cluster = "region: eu-west-1, id: shop, engine: neptune";
  it.each([
    ["key.yaml", `clusters:\n  - {${cluster}, size: 3}\n`, 'clusters[0]: Unrecognized key: "size"'],
    ["syntax.yaml", "clusters:\n  - {id: [\n", "line "],
    ["kms.yaml", `clusters:\n  - {${cluster}, kmsKey: alias/no}\n`, "alias/no is not defined in eu-west-1"],
    ["now.yaml", "now: yesterday\n", '"yesterday" is not a time; use ISO 8601'],
  ])("says what is wrong in a fleet: %s", async (name, text, problem) => {
    const path = file(name, text);
    const { code, stdout, stderr } = await run("--fleet", path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(problem);
    expect(stderr).toMatch(new RegExp(`^simulator: ${path}[:,] .+\n$`));
  });
});

describe("the example fleet", () => {
  it("shows every engine", () => {
    const fleet = readFleet(readFileSync(join(root, exampleFleet), "utf8"));
    expect(new Set(fleet.clusters?.map(({ engine }) => engine))).toEqual(
      new Set(["aurora-mysql", "aurora-postgresql", "mysql", "postgres", "neptune", "docdb", "redshift"]),
    );
  });
});
