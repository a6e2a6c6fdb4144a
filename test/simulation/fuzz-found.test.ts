import { beforeAll, describe, expect, it } from "vitest";
import { log } from "../../lib/runtime/log.ts";
import { callDoor, calls, type Garble } from "./fuzz/scene.ts";

/** What the fuzz has found, each with the answer that did it. */

beforeAll(() => {
  log.setLogLevel("SILENT");
});

const replacing =
  (before: string | RegExp, after: string): Garble =>
  (answer) => ({ ...answer, body: answer.body.replace(before, after) });

const found: Readonly<Record<string, readonly [call: string, garble: Garble]>> = {
  "a Redshift cluster without its name fell out of the listing, and Sweep took its points for orphans": [
    "sweep",
    replacing("<ClusterIdentifier>warehouse</ClusterIdentifier><NodeType>", "<NodeType>"),
  ],
  "an RDS cluster without its resource id fell out of the listing, and Sweep took its points for orphans": [
    "sweep",
    replacing(/<DbClusterResourceId>cluster-ORDERS<\/DbClusterResourceId>/, ""),
  ],
  "an RDS cluster under a name that its ARN does not end with was another cluster to Sweep": [
    "sweep",
    replacing(
      "<DBClusterIdentifier>docs</DBClusterIdentifier>",
      "<DBClusterIdentifier>x</DBClusterIdentifier>",
    ),
  ],
  "a Redshift cluster without its namespace had another identity than its points, which Sweep took for orphans":
    ["sweep", replacing(/<ClusterNamespaceArn>[^<]*<\/ClusterNamespaceArn>/, "")],
  "tags told of no resource were taken for none at all, and the cluster for one that no plan means": [
    "sweep",
    replacing(/"ResourceARN":"[^"]*cluster:docs",/, ""),
  ],
  "a list of tags that is no list was a TypeError": [
    "sweep",
    replacing(/"ResourceTagMappingList":\[.*\]/, '"ResourceTagMappingList":1'),
  ],
  "a resource's tags that are no list were a TypeError": [
    "discover",
    replacing(/"Tags":\[.*?\]/, '"Tags":"x"'),
  ],
  "a hold whose key was missing was no hold": [
    "prune, rds",
    replacing("<Key>holdfast:hold</Key><Value>audit</Value>", "<Value>audit</Value>"),
  ],
  "a running copy without its engine fell out of the listing, and its source was free to go": [
    "prune, rds",
    replacing(/(<Engine>aurora-postgresql<\/Engine>)(?=(?:(?!<DBClusterSnapshot>).)*<Status>copying)/s, ""),
  ],
  "a running copy whose source was no ARN, and its source was free to go": [
    "prune, rds",
    replacing(
      /(<Status>copying.*?)<SourceDBClusterSnapshotArn>[^<]*|<SourceDBClusterSnapshotArn>[^<]*(?=(?:(?!<DBClusterSnapshot>).)*<Status>copying)/s,
      "$1<SourceDBClusterSnapshotArn>-1",
    ),
  ],
  "a running copy of Redshift's whose source region was none, and its source was free to go": [
    "prune, redshift",
    (answer) => ({
      ...answer,
      body: answer.body.replaceAll(
        /<SourceRegion>us-east-1<\/SourceRegion>/g,
        "<SourceRegion>x</SourceRegion>",
      ),
    }),
  ],
  "a running copy of Redshift's without its cluster's time, and its source was free to go": [
    "sweep",
    (answer, { headers }) => ({
      ...answer,
      body: headers.authorization?.includes("eu-west-1")
        ? answer.body.replaceAll(/<ClusterCreateTime>[^<]*<\/ClusterCreateTime>/g, "")
        : answer.body,
    }),
  ],
  "a status that every object answers to was no status at all, not an unknown one": [
    "prune, rds",
    replacing("<Status>copying</Status>", "<Status>__proto__</Status>"),
  ],
  "a failed point under another cluster's name was an orphan, and swept": [
    "sweep",
    replacing(
      /<DBClusterIdentifier>orders<\/DBClusterIdentifier>(?=(?:(?!<DBClusterSnapshot>).)*<Status>failed)/s,
      "<DBClusterIdentifier>x</DBClusterIdentifier>",
    ),
  ],
  "an engine that can be none was one that is none of ours, and Sweep took its cluster's points for orphans":
    ["sweep", replacing("<Engine>docdb</Engine>", "<Engine> </Engine>")],
  "a tag whose key is blank was somebody else's, and the cluster one that no plan means": [
    "sweep",
    replacing(/"Key":"backup"/, '"Key":" "'),
  ],
  "an event bus that answers with a text was a TypeError": [
    "prune, rds",
    replacing(/"Entries":\[.*\]/, '"Entries":"x"'),
  ],
};

describe("what the fuzz has found", () => {
  it.each(Object.entries(found))("%s", async (_, [call, garble]) => {
    const { door = "", event = {} } = calls[call] ?? {};
    const due = new Set((await callDoor(door, event)).deleted);
    let garbled = 0;
    const { deleted } = await callDoor(door, event, (answer, request) => {
      const other = garble(answer, request);
      if (other.body !== answer.body) garbled += 1;
      return other;
    });
    expect(garbled).toBeGreaterThan(0);
    expect(deleted.filter((one) => !due.has(one))).toEqual([]);
  });
});
