import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fleet } from "../../simulator/fleet.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";

const region = "eu-west-1";
const credentials = { accessKeyId: "simulator", secretAccessKey: "simulator" };
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:123456789012:${resource}`;

const shop = arn("rds", "cluster:shop");
const graph = arn("rds", "cluster:graph");
const night = arn("rds", "cluster-snapshot:shop-night");
const depot = arn("redshift", "cluster:depot");
const dusk = arn("redshift", "snapshot:depot/dusk");

/** A fleet of which all but one cluster is fresh on the first of March. */
const fleetOf = (taggingDelaySeconds: number): Fleet => {
  const tags = { team: "web" };
  const created = "2026-03-01T00:00:00Z";
  return {
    settings: { taggingDelaySeconds },
    clusters: [
      { region, id: "shop", engine: "aurora-postgresql", tags },
      { region, id: "depot", engine: "redshift", created, tags },
    ],
    snapshots: [
      { region, id: "shop-now", cluster: "shop", created, tags },
      { region, id: "now", cluster: "depot", created, tags },
    ],
  };
};

let simulator: Simulator;
let client: ResourceGroupsTaggingAPIClient;
beforeAll(async () => {
  simulator = await startSimulator({
    fleet: {
      clusters: [
        { region, id: "shop", engine: "aurora-postgresql", tags: { team: "web", stage: "live" } },
        { region, id: "graph", engine: "neptune", tags: { team: "search" } },
        { region, id: "bare", engine: "docdb" },
        { region, id: "depot", engine: "redshift", tags: { team: "data" } },
        { region: "us-east-1", id: "far", engine: "docdb", tags: { team: "web" } },
      ],
      snapshots: [
        { region, id: "shop-night", cluster: "shop", created: "2025-12-01", tags: { team: "web" } },
        { region, id: "dusk", cluster: "depot", created: "2025-12-01", tags: { stage: "live" } },
      ],
    },
  });
  client = new ResourceGroupsTaggingAPIClient({ region, endpoint: simulator.endpoint, credentials });
});
afterAll(async () => {
  client.destroy();
  await simulator.close();
});

const resources = async (input: GetResourcesCommandInput) =>
  (await client.send(new GetResourcesCommand(input))).ResourceTagMappingList ?? [];
const arns = async (input: GetResourcesCommandInput) =>
  (await resources(input)).map(({ ResourceARN }) => ResourceARN);
const refusal = async (input: GetResourcesCommandInput) =>
  await client.send(new GetResourcesCommand(input)).catch((error: Error) => error.name);

describe("GetResources", () => {
  it("answers the region's tagged resources of every engine, and only those", async () => {
    expect(await arns({})).toEqual([graph, shop, night, depot, dusk].sort());
  });

  it("answers all tags of each", async () => {
    const [found] = await resources({ ResourceARNList: [shop] });
    expect(found).toEqual({
      ResourceARN: shop,
      Tags: [
        { Key: "team", Value: "web" },
        { Key: "stage", Value: "live" },
      ],
    });
  });

  it("leaves out asked-for resources that have no tags, are elsewhere, or do not exist", async () => {
    const asked = [shop, arn("rds", "cluster:bare"), arn("rds", "cluster:gone"), dusk];
    expect(await arns({ ResourceARNList: asked })).toEqual([shop, dusk]);
    expect(await arns({ ResourceARNList: ["arn:aws:rds:us-east-1:123456789012:cluster:far"] })).toEqual([]);
  });

  it("does not show what is fresh for as long as its index lags behind", async () => {
    const late = await startSimulator({ fleet: { now: "2026-03-01T00:00:00Z", ...fleetOf(60) } });
    const { endpoint } = late;
    const fresh = new ResourceGroupsTaggingAPIClient({ region, endpoint, credentials });
    const ids = async () => {
      const { ResourceTagMappingList: found = [] } = await fresh.send(new GetResourcesCommand({}));
      return found.map(({ ResourceARN }) => ResourceARN?.split(":").slice(5).join(":")).toSorted();
    };
    const before = ["cluster:shop"];
    expect(await ids()).toEqual(before);
    late.clock.advance(59);
    expect(await ids()).toEqual(before);
    late.clock.advance(1);
    expect(await ids()).toEqual([
      "cluster-snapshot:shop-now",
      "cluster:depot",
      "cluster:shop",
      "snapshot:depot/now",
    ]);
    fresh.destroy();
    await late.close();
  });

  it("takes 100 ARNs at a time and refuses 101", async () => {
    const asked = Array.from({ length: 101 }, (_, index) => arn("rds", `cluster:c${index}`));
    expect(await arns({ ResourceARNList: asked.slice(1) })).toEqual([]);
    expect(await refusal({ ResourceARNList: asked })).toBe("InvalidParameterException");
  });

  it("refuses ARNs together with filters or paging", async () => {
    const ResourceARNList = [shop];
    expect(await refusal({ ResourceARNList, TagFilters: [{ Key: "team" }] })).toBe(
      "InvalidParameterException",
    );
    expect(await refusal({ ResourceARNList, ResourceTypeFilters: ["rds"] })).toBe(
      "InvalidParameterException",
    );
    expect(await refusal({ ResourceARNList, ResourcesPerPage: 10 })).toBe("InvalidParameterException");
  });

  it.each([
    [["rds:cluster"], [graph, shop]],
    [
      ["rds:cluster-snapshot", "redshift:snapshot"],
      [night, dusk],
    ],
    [["redshift"], [depot, dusk]],
    [["dynamodb:table"], []],
  ])("filters by type %s", async (ResourceTypeFilters, expected) => {
    expect(await arns({ ResourceTypeFilters })).toEqual([...expected].sort());
  });

  it.each([
    ["any value of a key", [{ Key: "team", Values: ["search", "data"] }], [graph, depot]],
    ["a key alone", [{ Key: "stage" }], [shop, dusk]],
    [
      "all filters",
      [
        { Key: "stage", Values: ["live"] },
        { Key: "team", Values: ["web"] },
      ],
      [shop],
    ],
    ["the case of values", [{ Key: "team", Values: ["Web"] }], []],
  ])("filters by tags: %s", async (_, TagFilters, expected) => {
    expect(await arns({ TagFilters })).toEqual(expected);
  });

  it("pages, and ends with an empty token", async () => {
    const seen: unknown[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await client.send(new GetResourcesCommand({ ResourcesPerPage: 2, PaginationToken }));
      expect(page.ResourceTagMappingList?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN));
      PaginationToken = page.PaginationToken;
    } while (PaginationToken);
    expect(PaginationToken).toBe("");
    expect(seen).toEqual(await arns({}));
    expect(await refusal({ PaginationToken: "bm9uc2Vuc2U=" })).toBe("InvalidParameterException");
    expect(await refusal({ ResourcesPerPage: 101 })).toBe("InvalidParameterException");
  });
});
