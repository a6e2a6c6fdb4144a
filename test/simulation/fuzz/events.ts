import fc from "fast-check";

/** Events as nobody means them: right but for one field, which is anything or one of our own words out of place. */

/** Times, numbers, names and words that are nearly right. */
const words = [
  ...[
    "",
    " ",
    "0",
    "1",
    "-1",
    "null",
    "undefined",
    "NaN",
    "Infinity",
    "__proto__",
    "constructor",
    "toString",
  ],
  ...[
    "+275760-09-13T00:00:00Z",
    "-000001-01-01T00:00:00Z",
    "0000-01-01",
    "9999-12-31T23:59:59Z",
    "2026-13-40",
  ],
  ...["2026-11-20", "2026-11-20T03:00:00", "2026-11-20T03:00:00+99:99", "2026-02-30T00:00:00Z", "1970-01-01"],
  ...[
    "daily",
    "weekly",
    "ledger",
    "rds",
    "redshift",
    "us-east-1",
    "eu-west-1",
    "mars-north-1",
    "us-east-1/../x",
  ],
  ...[
    "orders",
    "warehouse",
    "ORDERS",
    "*",
    "cluster-ORDERS",
    "é".repeat(5000),
    "a".repeat(100_000),
    "\u0000",
  ],
  ...[
    "arn:aws:rds:us-east-1:123456789012:cluster:",
    "arn:",
    "due",
    "awaited",
    "available",
    "copying",
    "lost",
  ],
  ...["holdfast-daily-orders-aaaaaaaa-20261120t030000z", "copy:x", "none", "all", "last=1", "last=99999"],
];

const numbers = [0, -0, -1, 1e308, -1e308, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 8.64e15 + 1, 0.1];

const anything = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...words) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...numbers) },
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    [],
    {},
    [null],
    [""],
    [[]],
    { __proto__: null },
    { id: "" },
  ),
  fc.array(fc.constantFrom<unknown>(...words), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...words.slice(0, 24)), fc.constantFrom<unknown>(...words), { maxKeys: 3 }),
  fc.nat(400).map((depth) => Array.from({ length: depth }).reduce<unknown>((inner) => ({ inner }), "deep")),
  fc.anything(),
);

type Path = readonly string[];

const pathsIn = (value: unknown): Path[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [
        [key],
        ...pathsIn(inner).map((path) => [key, ...path]),
      ])
    : [];

const withField = (event: unknown, path: Path, value: unknown): unknown => {
  const copied = structuredClone(event) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((held, key) => held[key] as Record<string, unknown>, copied);
  Object.defineProperty(parent, path.at(-1) ?? "", {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copied;
};

/** A field that events may have besides those that this one has. */
const optional: readonly Path[] = [
  ...[["request", "until"], ["request", "hold"], ["request", "clusters"], ["run", "request"], ["work"]],
  ...[["batch", "lanes"], ["pruned"], ["problems"], ["tolerant"], ["work", "limit"], ["work", "unreached"]],
  ...[["__proto__"], ["batch", "members", "0", "overrides"], ["batch", "members", "0", "status"]],
];

/** An event that is right but for one field or two, however deep. */
const nearly = (event: Record<string, unknown>): fc.Arbitrary<unknown> => {
  const present = pathsIn(event);
  const absent = optional.filter((path) => path.length === 1 || present.some(([key]) => key === path[0]));
  const fits = absent.filter((path) =>
    path.slice(0, -1).every((_, depth) => has(present, path.slice(0, depth + 1))),
  );
  const paths = [...present, ...fits];
  const slip = fc.tuple(fc.constantFrom(...paths), anything);
  return slip.map(([path, value]) => withField(event, path, value));
};

const has = (paths: readonly Path[], path: Path): boolean =>
  paths.some((one) => one.join("/") === path.join("/"));

export const anyEvent = (event: Record<string, unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: nearly(event) }, anything);
