import { beforeAll, describe, expect, it } from "vitest";
import { checkAnswer, noFindings } from "./check-answer.ts";
import { checkError } from "./check-error.ts";
import { errorModels, errorsOfOperation, operationModel } from "./model.ts";
import { onStage } from "./stage.ts";
import type { Exchange } from "./wire.ts";
import { readXml } from "./xml-reader.ts";

/** The checks of this folder, checked: each must find what is wrong in an answer that was right before. */

const namespace = "http://rds.amazonaws.com/doc/2014-10-31/";

const problemsIn = (exchange: Exchange): string[] => {
  const findings = noFindings();
  checkAnswer(exchange, findings, namespace);
  return findings.problems;
};

let clusters: Exchange;
let tagged: Exchange;
let refused: Exchange;
let key: Exchange;
let unknownKey: Exchange;

beforeAll(() =>
  onStage(async ({ wire }) => {
    clusters = await wire.call("rds", "DescribeDBClusters", {});
    const ResourceName = "arn:aws:rds:us-east-1:123456789012:cluster:orders";
    tagged = await wire.call("rds", "AddTagsToResource", { ResourceName, Tags: [{ Key: "a", Value: "b" }] });
    refused = await wire.call("rds", "DescribeDBClusters", { DBClusterIdentifier: "nobody" });
    key = await wire.call("kms", "DescribeKey", { KeyId: "alias/databases" });
    unknownKey = await wire.call("kms", "DescribeKey", { KeyId: "alias/nothing" });
  }),
);

const mutated = (exchange: Exchange, from: string | RegExp, to: string): Exchange => {
  const body = exchange.body.replace(from, to);
  if (body === exchange.body) throw new Error(`${from} is not in ${exchange.body.slice(0, 300)}`);
  return { ...exchange, body };
};

describe("the check of answers", () => {
  it("finds nothing in an answer that is right", () => {
    expect(problemsIn(clusters)).toEqual([]);
    expect(problemsIn(tagged)).toEqual([]);
    const findings = noFindings();
    checkAnswer(key, findings, undefined);
    expect(findings.problems).toEqual([]);
  });

  it.each<[string, string | RegExp, string, RegExp]>([
    ["a member of a wrong name", /<(\/?)Engine>/g, "<$1Motor>", /Motor: the model has no such member/],
    [
      "a list element of a wrong name",
      /<(\/?)DBCluster>/g,
      "<$1member>",
      /holds member, should hold DBCluster/,
    ],
    ["a word for a number", /<Port>\d+</, "<Port>many<", /Port: "many" is no number/],
    ["an empty number", /<Port>\d+<\/Port>/, "<Port/>", /Port: "" is no number/],
    ["a capital boolean", "<MultiAZ>true<", "<MultiAZ>True<", /MultiAZ: "True" is no boolean/],
    ["a time in seconds", /<ClusterCreateTime>[^<]+</, "<ClusterCreateTime>1700000000<", /is no time/],
    ["text for a structure", /<Tag><Key>.*?<\/Tag>/, "<Tag>a</Tag>", /is text, should be a structure/],
    [
      "text for a list",
      /<AvailabilityZones>.*?<\/AvailabilityZones>/,
      "<AvailabilityZones>a</AvailabilityZones>",
      /should be a list/,
    ],
    ["a structure for text", /<Engine>[^<]+/, "<Engine><A>a</A>", /Engine: has elements, is no structure/],
    ["a member twice", "<MultiAZ>", "<MultiAZ>true</MultiAZ><MultiAZ>", /MultiAZ: comes twice/],
    ["no wrapper", /<(\/?)DescribeDBClustersResult>/g, "<$1Result>", /the wrapper is Result/],
    ["another name space", "2014-10-31", "2014-09-01", /xmlns is/],
    ["another request id", /<RequestId>./, "<RequestId>x", /RequestId is x/],
  ])("finds %s", (_, from, to, wanted) => {
    expect(problemsIn(mutated(clusters, from, to)).join("\n")).toMatch(wanted);
  });

  it("finds a result where the model gives none", () => {
    const extra = mutated(tagged, "<ResponseMetadata>", "<AddTagsToResourceResult/><ResponseMetadata>");
    expect(problemsIn(extra).join("\n")).toMatch(/the parts of the envelope is 2, not 1/);
  });

  it.each<[string, string | RegExp, string, RegExp]>([
    ["a member of a wrong name", '"KeyState"', '"Mood"', /Mood: the model has no such member/],
    ["a required member that is missing", /"KeyId":"[^"]+",/, "", /no KeyId/],
    ["a time as text", /"CreationDate":[\d.]+/, '"CreationDate":"2026-01-01"', /should be number/],
    ["a list that is none", /"EncryptionAlgorithms":\[[^\]]*\]/, '"EncryptionAlgorithms":"X"', /is no list/],
  ])("finds in JSON %s", (_, from, to, wanted) => {
    const findings = noFindings();
    checkAnswer(mutated(key, from, to), findings, undefined);
    expect(findings.problems.join("\n")).toMatch(wanted);
  });
});

describe("the check of errors", () => {
  const notFound = { shape: "DBClusterNotFoundFault", code: "DBClusterNotFoundFault", status: 404 };
  const noKey = { shape: "NotFoundException", code: "NotFoundException", status: 400 };

  it("finds nothing in errors that are right", () => {
    expect(checkError(refused, notFound)).toEqual([]);
    expect(checkError(unknownKey, noKey)).toEqual([]);
  });

  it("finds another status, code, type, envelope, or name for the words", () => {
    expect(checkError(refused, { ...notFound, status: 400 })).toEqual(["status 404, not 400"]);
    expect(checkError(refused, { ...notFound, code: "Other" })).toHaveLength(1);
    expect(checkError(mutated(refused, "Sender", "Receiver"), notFound)).toHaveLength(1);
    expect(checkError(mutated(refused, /<(\/?)Error>/g, "<$1Errors>"), notFound).length).toBeGreaterThan(0);
    expect(checkError(mutated(unknownKey, '"message"', '"Message"'), noKey)).toHaveLength(1);
  });
});

describe("the model", () => {
  it("is the SDK's, with codes that differ from the shapes and statuses that differ from the rule", () => {
    const models = new Map(errorModels("redshift").map((model) => [model.shape, model]));
    expect(models.get("InvalidRestoreFault")).toMatchObject({ code: "InvalidRestore", status: 406 });
    expect(models.get("ClusterNotFoundFault")).toMatchObject({ code: "ClusterNotFound", status: 404 });
    expect(errorModels("rds").length).toBeGreaterThan(140);
  });

  it("knows which operation may answer which error, and which operations there are", () => {
    expect(errorsOfOperation("rds", "CopyDBClusterSnapshot")).toContain("KMSKeyNotAccessibleFault");
    expect(errorsOfOperation("rds", "CreateDBClusterSnapshot")).not.toContain("KMSKeyNotAccessibleFault");
    expect(operationModel("rds", "Frobnicate")).toBeUndefined();
  });
});

describe("the XML reader", () => {
  it("reads elements, attributes, text and escapes", () => {
    const root = readXml('<?xml version="1.0"?>\n<a x="1&lt;2"><b>3 &amp; &#65;</b><c/></a>');
    expect(root.attributes.get("x")).toBe("1<2");
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ["b", "3 & A"],
      ["c", ""],
    ]);
  });

  it.each([
    ["<a><b></a></b>"],
    ["<a>"],
    ["<a/><b/>"],
    ["<a>b & c</a>"],
    ["<a>&nbsp;</a>"],
    ["<a>text<b/></a>"],
    ["<a x='1'/>"],
    ['<a x="1" x="2"/>'],
    ["<a>\u0001</a>"],
    ["<a>&#1;</a>"],
    [""],
  ])("refuses %j", (source) => {
    expect(() => readXml(source)).toThrow(/^XML, character/);
  });
});
