import fc from "fast-check";
import type { SimulatorResponse } from "../../../simulator/request.ts";
import type { Garble } from "./scene.ts";

/**
 * AWS's answers with something wrong in them. What stays out are lies that nobody could tell from the truth: another
 * key for a tag, another engine, a list that is whole but for one entry.
 */

/** A place in an answer, and what comes there: a text; `undefined` takes the field out. */
interface Slip {
  /** Which of the answer's fields, from its beginning. */
  readonly nth: number;
  readonly value: string | undefined;
}

const spoilt = [
  ...["", " ", "x", "-1", "0", "1", "1e400", "99999999999999999999", "null", "true", "[]", "__proto__"],
  ...["+275760-09-13T00:00:00Z", "é".repeat(5000), "\u0000", "&#0;", "<a/>", "<a>b</a>"],
];

const slip: fc.Arbitrary<Slip> = fc.record({
  nth: fc.oneof(fc.nat(40), fc.nat(1200)),
  value: fc.option(fc.constantFrom(...spoilt), { nil: undefined, freq: 3 }),
});

/** What stands where an answer should. */
const bodies = [
  ...["", " ", "null", "[]", "{}", "0", '"x"', "true", "<", "<a", "<a/>", "<?xml version='1.0'?>", "\ufeff"],
  ...["<html><body>Service Unavailable</body></html>", "\u0000\u0001", '{"a":', "<a><b></a></b>", "&", "]]>"],
  ...["<ErrorResponse/>", "<ErrorResponse><Error><Code></Code></Error></ErrorResponse>", '{"__type":1}'],
];

const statuses = [200, 200, 200, 204, 301, 400, 403, 404, 413, 429, 500, 503];

const lists = [
  ...["DBClusters", "DBClusterSnapshots", "Clusters", "Snapshots", "TagList", "Tags", "Resources", "Errors"],
  ...["ResourceTagMappingList", "Entries", "KeyMetadata", "DBClusterSnapshot", "Snapshot", "AccountQuotas"],
];

const each: fc.Arbitrary<{ readonly name: string; readonly garble: Garble }> = fc.oneof(
  {
    weight: 6,
    arbitrary: slip.map((one) => ({ name: JSON.stringify(one).slice(0, 80), garble: spoil(one) })),
  },
  fc.constantFrom(...bodies).chain((body) =>
    fc.constantFrom(...statuses).map((status) => ({
      name: `${status} ${JSON.stringify(body)}`,
      garble: (answer: SimulatorResponse) => ({ ...answer, status, body }),
    })),
  ),
  fc.double({ min: 0, max: 0.99, noNaN: true }).map((share) => ({
    name: `cut at ${share}`,
    garble: (answer: SimulatorResponse) => ({
      ...answer,
      body: answer.body.slice(0, share * answer.body.length),
    }),
  })),
  fc.constantFrom(...lists).chain((list) =>
    fc.constantFrom("out", "empty", "text").map((how) => ({
      name: `${list} ${how}`,
      garble: (answer: SimulatorResponse) => ({ ...answer, body: relist(answer.body, list, how) }),
    })),
  ),
);

/** One thing wrong in all answers, or in the nth alone. */
export const garbles: fc.Arbitrary<{ readonly name: string; readonly make: () => Garble }> = fc
  .tuple(each, fc.option(fc.nat(12), { nil: undefined }))
  .map(([{ name, garble }, only]) => ({
    name: only === undefined ? name : `${name} in answer ${only}`,
    make: () => {
      let answered = -1;
      return (answer, request) => {
        answered += 1;
        return only === undefined || only === answered ? garble(answer, request) : answer;
      };
    },
  }));

const spoil =
  (one: Slip): Garble =>
  (answer) => ({
    ...answer,
    body: answer.body.trimStart().startsWith("{") ? spoilJson(answer.body, one) : spoilXml(answer.body, one),
  });

/** Of these another text of their own type is a lie, not a garbled answer. */
const names = new Set(["Key", "Engine", "DbClusterResourceId", "ClusterIdentifier"]);
/** By this tag clusters are selected, and a tag may have any value or none. */
const selecting = "backup";
const isBelievable = (field: string, value: string | undefined, key: string | undefined): boolean =>
  (names.has(field) && value !== undefined && value.trim() !== "" && value.length < 100) ||
  (field === "Value" && key === selecting);

const spoilXml = (body: string, { nth, value }: Slip): string => {
  let met = -1;
  let key: string | undefined;
  return body.replaceAll(/<(\w+)>([^<]*)<\/\1>/g, (whole, name: string, text: string) => {
    met += 1;
    const believable = isBelievable(name, value, key) && !value?.startsWith("<");
    key = name === "Key" ? text : undefined;
    if (met !== nth || believable) return whole;
    return value === undefined ? "" : `<${name}>${value}</${name}>`;
  });
};

/** In JSON a value may also be of another type, which reads as what it looks like. */
const spoilJson = (body: string, { nth, value }: Slip): string => {
  let met = -1;
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).flatMap(([key, inner]) => {
        met += 1;
        const { Key } = node as { readonly Key?: string };
        if (met !== nth || isBelievable(key, value, Key)) return [[key, walk(inner)]];
        return value === undefined ? [] : [[key, typed(value)]];
      }),
    );
  };
  return JSON.stringify(walk(JSON.parse(body)));
};

const typed = (value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

/** A list out of its answer, without its entries, or a text in its place. */
const relist = (body: string, list: string, how: string): string => {
  const inside = how === "text" ? "x" : "";
  if (body.trimStart().startsWith("{")) {
    const read = JSON.parse(body) as Record<string, unknown>;
    if (!(list in read)) return body;
    const { [list]: _, ...rest } = read;
    return JSON.stringify(how === "out" ? rest : { ...rest, [list]: inside });
  }
  // Emptied, a list is another true answer, and with text in it the SDK reads an empty one; an item is neither.
  if (how !== "out" && list !== "DBClusterSnapshot" && list !== "Snapshot") return body;
  // A list that is shorter by an entry is another true answer as well.
  if (body.includes(`<${list}s>`)) return body;
  return body.replaceAll(new RegExp(`<${list}>.*?</${list}>|<${list}/>`, "gs"), () =>
    how === "out" ? "" : `<${list}>${inside}</${list}>`,
  );
};
