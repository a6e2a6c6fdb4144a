import { describe, expect, it } from "vitest";
import { engineNames } from "../../lib/core/cluster.ts";
import type { Config } from "../../lib/core/plan.ts";
import { ConfigError } from "../../lib/errors.ts";
import { loadConfig, parseConfig } from "../../lib/runtime/config-file.ts";

const parse = (text: string): Config => parseConfig(text, { path: "holdfast.yml", home: "us-east-1" });

/** The messages that a text is refused with, one for each mistake. */
const mistakesIn = (text: string): readonly string[] => {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message.split("\n");
  }
  return [];
};

const least = `plans:
  daily:
    schedule: cron(0 3 * * ? *)
    select:
      tags: { backup: [daily] }
    retention:
      keep-daily: 7
`;

const everything = `regions: [us-east-1, us-west-2, eu-west-1, ap-south-1]
plans:
  daily:
    enabled: false
    schedule: cron(0 3 * * ? *)
    timezone: Europe/Berlin
    flexible-window-minutes: 30
    select:
      tags: { backup: [daily, "*"] }
      identifiers: [orders, shop-*]
      engines: [aurora-postgresql, redshift]
      regions: [us-east-1, us-west-2]
      exclude: { tags: { backup-skip: ["true"] } }
    retention:
      { keep-last: 2, keep-hourly: 24, keep-daily: 7, keep-weekly: 4, keep-monthly: 12, keep-yearly: 0,
        keep-within: 1y6m, keep-within-hourly: 36h, keep-within-daily: 14d, keep-within-weekly: 2m,
        keep-within-monthly: 1y, keep-within-yearly: 10y }
    copies:
      - region: eu-west-1
        kms-key: alias/holdfast
        retention: { keep-daily: 3 }
        manage: true
      - region: us-west-2
        kms-key: none
      - region: ap-south-1
    objective: { source: 26h, copy: 2d }
    deadline: 10h
    floor: 3
    brake: 20
    copies-in-flight: 20
    stopped: skip
    carry-tags: [owner, cost-centre]
  hourly:
    schedule: rate(1 hour)
    select: { tags: {} }
    retention: {}
`;

const span = (differs: object) => ({ years: 0, months: 0, days: 0, hours: 0, ...differs });

describe("a configuration that is right", () => {
  it("is read with every key that there is", () => {
    const { regions, plans } = parse(everything);
    expect(regions).toEqual(["us-east-1", "us-west-2", "eu-west-1", "ap-south-1"]);
    const { daily } = plans;
    expect(daily).toEqual({
      name: "daily",
      enabled: false,
      schedule: "cron(0 3 * * ? *)",
      timeZone: "Europe/Berlin",
      flexibleWindowMinutes: 30,
      select: {
        tags: { backup: ["daily", "*"] },
        identifiers: ["orders", "shop-*"],
        engines: ["aurora-postgresql", "redshift"],
        regions: ["us-east-1", "us-west-2"],
        excludeTags: { "backup-skip": ["true"] },
      },
      retention: {
        last: 2,
        hourly: 24,
        daily: 7,
        weekly: 4,
        monthly: 12,
        yearly: 0,
        within: span({ years: 1, months: 6 }),
        "within-hourly": span({ hours: 36 }),
        "within-daily": span({ days: 14 }),
        "within-weekly": span({ months: 2 }),
        "within-monthly": span({ years: 1 }),
        "within-yearly": span({ years: 10 }),
      },
      copies: [
        {
          ...{ region: "eu-west-1", kmsKey: "alias/holdfast", unencrypted: false },
          ...{ retention: { daily: 3 }, manage: true },
        },
        { region: "us-west-2", unencrypted: true, retention: daily?.retention, inherits: true },
        { region: "ap-south-1", unencrypted: false, retention: daily?.retention, inherits: true },
      ],
      objective: { sourceSeconds: 26 * 3600, copySeconds: 48 * 3600 },
      deadlineSeconds: 10 * 3600,
      floor: 3,
      brake: 20,
      copiesInFlight: 20,
      stopped: "skip",
      carryTags: ["owner", "cost-centre"],
    });
  });

  it("has every default filled in where it says the least", () => {
    expect(parse(least)).toEqual({
      regions: ["us-east-1"],
      plans: {
        daily: {
          name: "daily",
          enabled: true,
          schedule: "cron(0 3 * * ? *)",
          timeZone: "UTC",
          flexibleWindowMinutes: 15,
          select: {
            tags: { backup: ["daily"] },
            identifiers: ["*"],
            engines: engineNames,
            regions: ["us-east-1"],
            excludeTags: {},
          },
          retention: { daily: 7 },
          copies: [],
          objective: {},
          deadlineSeconds: 12 * 3600,
          floor: 2,
          brake: 10,
          copiesInFlight: 5,
          stopped: "problem",
          carryTags: [],
        },
      },
    });
  });

  it("lists every region that its plans use, once, where it lists none", () => {
    expect(parse(`${least}    copies: [{ region: eu-west-1 }, { region: eu-north-1 }]\n`).regions).toEqual([
      "us-east-1",
      "eu-west-1",
      "eu-north-1",
    ]);
  });

  it.each([
    [
      "copies: [{ region: eu-west-1 }, { region: eu-west-1 }]",
      "copies to eu-west-1 twice; name each copy region once",
    ],
    [
      "copies: [{ region: us-east-1 }]",
      "copies to us-east-1, where all of its clusters are; name another region",
    ],
    [
      "copies: [{ region: eu-west-1, manage: true }, { region: eu-west-2, manage: true }]",
      "manages copies to eu-west-1 and eu-west-2; a Redshift cluster copies to one region, so keep one manage",
    ],
    ["copies: [{ region: eu-west-1, manage: maybe }]", 'manage is "maybe"; use true or false'],
  ])("refuses %s", (copies, words) => {
    expect(() => parse(`${least}    ${copies}\n`)).toThrow(words);
  });

  it("has its schedule spelt in one way, however it is written", () => {
    const written = least.replace("cron(0 3 * * ? *)", '" cron( 00  03 ? * mon-fri * )"');
    expect(parse(written).plans.daily?.schedule).toBe("cron(0 3 ? * MON-FRI *)");
  });

  it.each([
    ["cron(0 3 * * ? *)", 15],
    ["rate(1 hour)", 15],
    ["rate(59 minutes)", 0],
    ["cron(0,30 3 * * ? *)", 0],
  ])("gives runs of %s a window of %j minutes", (schedule, minutes) => {
    const { daily } = parse(least.replace("cron(0 3 * * ? *)", schedule)).plans;
    expect(daily?.flexibleWindowMinutes).toBe(minutes);
  });

  it.each([
    ["rate(1 hour)", 59],
    ["rate(2 days)", 1440],
    ["rate(1 minute)", 0],
  ])("may widen the window of %s to %j minutes", (schedule, minutes) => {
    const text = least.replace("cron(0 3 * * ? *)", schedule);
    const { daily } = parse(`${text}    flexible-window-minutes: ${minutes}\n`).plans;
    expect(daily?.flexibleWindowMinutes).toBe(minutes);
  });

  it.each([
    "alias/holdfast",
    "alias/aws/rds",
    "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
    "mrk-0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d",
    "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
    "arn:aws:kms:eu-west-1:123456789012:key/mrk-0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d",
    "arn:aws:kms:eu-west-1:123456789012:alias/holdfast",
  ])("may name a key as %s", (key) => {
    const { daily } = parse(`${least}    copies: [{ region: eu-west-1, kms-key: "${key}" }]\n`).plans;
    expect(daily?.copies[0]?.kmsKey).toBe(key);
  });

  it("may lie in another partition than most", () => {
    const key = "arn:aws-cn:kms:cn-northwest-1:123456789012:alias/holdfast";
    const text = `${least}    copies: [{ region: cn-northwest-1, kms-key: "${key}" }]\n`;
    const { regions } = parseConfig(text, { path: "holdfast.yml", home: "cn-north-1" });
    expect(regions).toEqual(["cn-north-1", "cn-northwest-1"]);
  });

  it("looks in a region once, though it is named twice", () => {
    const text = least.replace("select:", "select:\n      regions: [us-east-1, eu-west-1, us-east-1]");
    expect(parse(text).plans.daily?.select.regions).toEqual(["us-east-1", "eu-west-1"]);
  });

  it.each([
    ["[]", []],
    ['["*"]', ["*"]],
    ["[owner, cost centre, owner]", ["owner", "cost centre"]],
    ["[Größe, a_b.c:d/e=f+g-h@i, awsome, RDS]", ["Größe", "a_b.c:d/e=f+g-h@i", "awsome", "RDS"]],
  ])("may carry the tags %s", (keys, carried) => {
    expect(parse(`${least}    carry-tags: ${keys}\n`).plans.daily?.carryTags).toEqual(carried);
  });

  it("is refused where somebody's purpose objects, as packaging does, with the line", () => {
    const also = ({ plans }: Config) =>
      Object.keys(plans).map((name) => ({ path: ["plans", name], message: "is not for this" }));
    const read = () => parseConfig(least, { path: "holdfast.yml", home: "us-east-1", also });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow("holdfast.yml:2: plans.daily is not for this");
  });

  it("refuses a policy whose stamp no tag could hold", () => {
    const within = (rule: string) => `keep-${rule}: 11111y11111m11111d11111h`;
    const rules = [
      "within",
      "within-hourly",
      "within-daily",
      "within-weekly",
      "within-monthly",
      "within-yearly",
    ];
    const many = least.replace(
      /retention:[\s\S]*/,
      `retention: { keep-hourly: 3650, keep-daily: 3650, keep-monthly: 3650, ${rules.map(within).join(", ")} }`,
    );
    expect(() => parse(many)).toThrow("keeps by more rules than a tag can hold; use fewer of them");
    const ofCopy = `${least}    copies: [{ region: us-east-1, kms-key: none, ${/retention: \{.*\}/.exec(many)?.[0]} }]\n`;
    expect(() => parse(ofCopy)).toThrow("keeps by more rules than a tag can hold; use fewer of them");
  });

  it("is what lies beside the code as an example", () => {
    const config = loadConfig("holdfast.yml", "us-east-1");
    expect(config.regions).toEqual(["us-east-1", "eu-west-1"]);
    expect(config.plans.daily?.retention).toEqual({ last: 2, daily: 7, weekly: 4, monthly: 12 });
  });

  it.each([
    [`${least}plans: {}\n`, `${least.split("\n").length}: plans stands here twice; keep one of them`],
    [
      `${least}---\nplans: {}\n`,
      `${least.split("\n").length}: there is a second document; keep one, without the line ---`,
    ],
    ["plans:\n\tdaily: {}\n", "2: Tabs are not allowed as indentation; use spaces"],
    [
      "plans: [\n",
      "2: Flow sequence in block collection must be sufficiently indented and end with a ]; use YAML, and quote",
    ],
    ["x".repeat(5000), `1: the document is "${"x".repeat(199)}…; use \`regions\` and \`plans\``],
  ])("says briefly what is wrong with a text that is no plans: %#", (text, words) => {
    expect(() => parse(text)).toThrow(`holdfast.yml:${words}`);
  });

  it("may use YAML's anchors, and may be written as JSON", () => {
    const anchored = least
      .replace("retention:", "retention: &kept")
      .concat("    copies: [{ region: eu-west-1, retention: *kept }]\n");
    expect(parse(anchored).plans.daily?.copies[0]?.retention).toEqual({ daily: 7 });
    const json = {
      plans: { daily: { schedule: "rate(1 day)", select: { tags: {} }, retention: { "keep-last": 1 } } },
    };
    expect(parse(JSON.stringify(json)).plans.daily?.retention).toEqual({ last: 1 });
  });
});

const whole = "use a whole number from 0 to 3650";
const wholeFrom1 = "use a whole number from 1 up";
const duration = "use a duration such as 14d or 1y6m";
const hours = "use a duration in hours or days, such as 26h or 2d";
const minutes = "use a whole number from 0 to 1440";
const cron = "use EventBridge's cron(…) or rate(…)";
const frame = `use EventBridge's cron(minutes hours day-of-month month day-of-week year) or rate(value unit)`;
const region = "use a region of AWS such as eu-west-1";
const keyForms = "use alias/NAME, a key's id or ARN, or none";
const tagKeys = "use tag keys, each with a list of values";
const word = "is not a word of holdfast.yml; did you mean";
const prefixes = "use a key without the prefix aws:, rds: or holdfast:";
const yaml = 'use YAML, and quote text that begins with * or has ": " in it';

/** Lines to add at the end of the plan, and the message about what they say. */
const added: readonly (readonly [string, string])[] = [
  [
    "timezone: Mars/Olympus",
    '8: plans.daily.timezone is "Mars/Olympus"; use a time zone such as Europe/Berlin',
  ],
  ["timezone: europe/berlin", '8: plans.daily.timezone is "europe/berlin"; use Europe/Berlin'],
  ["timezone: UTc", '8: plans.daily.timezone is "UTc"; use UTC'],
  ['timezone: "+02:00"', '8: plans.daily.timezone is "+02:00"; use a time zone such as Europe/Berlin'],
  ["copies: { region: eu-west-1 }", "8: plans.daily.copies is a collection; use a list of copy regions"],
  ["copies: [{}]", "8: plans.daily.copies.0.region is missing; use a region of AWS such as eu-west-1"],
  ["copies: [{ region: eu, kms: x }]", `8: plans.daily.copies.0.kms ${word}`],
  ["objective: { source: 1m }", `8: plans.daily.objective.source is "1m"; ${hours}`],
  ["objective: 26h", '8: plans.daily.objective is "26h"; use source and copy'],
  ["deadline: 12", `8: plans.daily.deadline is 12; ${hours}`],
  ["deadline: 24h", '8: plans.daily.deadline is "24h"; use at most 23h'],
  ["floor: 0", `8: plans.daily.floor is 0; ${wholeFrom1}`],
  ["brake: none", `8: plans.daily.brake is "none"; ${wholeFrom1}`],
  ["copies-in-flight: 0.5", `8: plans.daily.copies-in-flight is 0.5; ${wholeFrom1}`],
  ["stopped: ignore", '8: plans.daily.stopped is "ignore"; use problem or skip'],
  ["carry-tags: owner", '8: plans.daily.carry-tags is "owner"; use a list of tag keys'],
  ["carry-tags: [7]", "8: plans.daily.carry-tags.0 is 7; use a tag key"],
  ['carry-tags: [""]', '8: plans.daily.carry-tags.0 is ""; use a tag key of 1 to 128 characters'],
  [
    `carry-tags: [${"a".repeat(129)}]`,
    `8: plans.daily.carry-tags.0 is "${"a".repeat(129)}"; use a tag key of`,
  ],
  ["carry-tags: [a, AWS:b]", `8: plans.daily.carry-tags.1 is "AWS:b"; ${prefixes}`],
  ["carry-tags: [rds:b]", `8: plans.daily.carry-tags.0 is "rds:b"; ${prefixes}`],
  ["carry-tags: [holdfast:b]", `8: plans.daily.carry-tags.0 is "holdfast:b"; ${prefixes}`],
  [
    "carry-tags: [a;b]",
    '8: plans.daily.carry-tags.0 is "a;b"; use letters, digits, spaces and _.:/=+-@ in a tag key',
  ],
  ['carry-tags: ["a*"]', '8: plans.daily.carry-tags.0 is "a*"; use letters, digits, spaces and'],
  [
    'carry-tags: [owner, "*"]',
    '8: plans.daily.carry-tags is a collection; use "*" alone, for all tags, or only tag keys',
  ],
  [
    `carry-tags: [${Array.from({ length: 42 }, (_, index) => `t${index}`).join(", ")}]`,
    "8: plans.daily.carry-tags is a collection; use at most 41 tag keys",
  ],
  ["enabled: no", '8: plans.daily.enabled is "no"; use true or false'],
  ["enable: false", `8: plans.daily.enable ${word} enabled?`],
  ["flexible-window-minutes: 15m", `8: plans.daily.flexible-window-minutes is "15m"; ${minutes}`],
  ["flexible-window-minutes: -1", `8: plans.daily.flexible-window-minutes is -1; ${minutes}`],
  ["flexible-window-minutes: 1441", `8: plans.daily.flexible-window-minutes is 1441; ${minutes}`],
  [
    "flexible-window-minutes: 1440",
    "8: plans.daily.flexible-window-minutes is 1440; use less than 1440, the fewest minutes between two runs of the schedule",
  ],
  ["flexible-window: 15", `8: plans.daily.flexible-window ${word} flexible-window-minutes?`],
  ["flor: 3", `8: plans.daily.flor ${word} floor?`],
  ["floor: 2\n    floor: 3", "9: floor stands here twice; keep one of them"],
];

/** The same for what a copy says. */
const copied: readonly (readonly [string, string])[] = [
  ["region: eu-west-9", `region is "eu-west-9"; ${region}; did you mean eu-west-1?`],
  ["region: US-East-2a", `region is "US-East-2a"; ${region}; did you mean us-east-2?`],
  ["region: aws-global", `region is "aws-global"; ${region}`],
  [
    "region: cn-north-1",
    'region is "cn-north-1"; use a region of aws like us-east-1; this one is of aws-cn, and no snapshot gets across',
  ],
  ["region: eu-west-1, kms-key: 7", `kms-key is 7; ${keyForms}`],
  ["region: eu-west-1, kms-key:", `kms-key is null; ${keyForms}`],
  ['region: eu-west-1, kms-key: ""', `kms-key is ""; ${keyForms}`],
  ["region: eu-west-1, kms-key: alias/", `kms-key is "alias/"; ${keyForms}`],
  ["region: eu-west-1, kms-key: alias/a b", `kms-key is "alias/a b"; ${keyForms}`],
  [
    "region: eu-west-1, kms-key: holdfast",
    `kms-key is "holdfast"; use alias/holdfast if that is its alias, a key's id or ARN, or none`,
  ],
  [
    "region: eu-west-1, kms-key: alias/aws/ebs",
    `kms-key is "alias/aws/ebs"; use a key of your own; AWS's key for ebs serves no other service`,
  ],
  [
    "region: eu-west-1, kms-key: arn:aws:rds:eu-west-1:123456789012:cluster:orders",
    'kms-key is "arn:aws:rds:eu-west-1:123456789012:cluster:orders"; use an ARN of kms; this one is of rds',
  ],
  [
    "region: eu-west-1, kms-key: arn:aws:kms:eu-west-1:123456789012:holdfast",
    'kms-key is "arn:aws:kms:eu-west-1:123456789012:holdfast"; use an ARN that ends in :ACCOUNT:key/ID or :ACCOUNT:alias/NAME',
  ],
  [
    "region: eu-west-1, kms-key: arn:aws:kms:us-east-1:123456789012:alias/holdfast",
    'kms-key is "arn:aws:kms:us-east-1:123456789012:alias/holdfast"; use a key of eu-west-1; this one is of us-east-1',
  ],
  [
    "region: eu-west-1, kms-key: arn:aws-cn:kms:eu-west-1:123456789012:alias/holdfast",
    'kms-key is "arn:aws-cn:kms:eu-west-1:123456789012:alias/holdfast"; use an ARN of the partition aws; this one is of aws-cn',
  ],
];

/** The same for what is chosen: lines to put before its tags. */
const chosen: readonly (readonly [string, string])[] = [
  [
    "identifiers: [shop_*]",
    '5: plans.daily.select.identifiers.0 is "shop_*"; use an identifier such as orders or shop-*',
  ],
  ["engines: [oracle]", `5: plans.daily.select.engines.0 is "oracle"; use one of ${engineNames.join(", ")}`],
  [
    "regions: [Frankfurt]",
    '5: plans.daily.select.regions.0 is "Frankfurt"; use a region of AWS such as eu-west-1',
  ],
  [
    "regions: [us-east-1, us-gov-west-1]",
    '5: plans.daily.select.regions.1 is "us-gov-west-1"; use a region of aws like us-east-1; this one is of aws-us-gov',
  ],
  ["regions: []", "5: plans.daily.select.regions is a collection; use at least one region"],
  ["exclude: { skip: [a] }", `5: plans.daily.select.exclude.tags is missing; ${tagKeys}`],
  ["exclude: { skip: [a] }", "5: plans.daily.select.exclude.skip is not a word of holdfast.yml; take it out"],
];

const tags = "{ backup: [daily] }";
const keep = "    retention:\n      keep-daily: 7\n";
const when = "schedule: cron(0 3 * * ? *)";

/** What to replace in the least configuration by what, and the message about it. */
const replaced: readonly (readonly [string, string, string])[] = [
  [when, "schedule: 0 3 * * *", `3: plans.daily.schedule is "0 3 * * *"; ${frame}`],
  [when, "schedule: 0 3 * * ? *", '3: plans.daily.schedule is "0 3 * * ? *"; use cron(0 3 * * ? *)'],
  [when, "schedule: rate(1 hours)", '3: plans.daily.schedule is "rate(1 hours)"; use rate(1 hour)'],
  [
    when,
    "schedule: cron(0 3 * * *)",
    "3: plans.daily.schedule has 5 fields; EventBridge's cron has 6: minutes",
  ],
  [when, "schedule: cron(0 24 * * ? *)", "3: plans.daily.schedule has 24 in hours; use 0 to 23"],
  [when, "schedule: 5", `3: plans.daily.schedule is 5; ${cron}`],
  [`    ${when}\n`, "", `2: plans.daily.schedule is missing; ${cron}`],
  [when, "schedule: a: cron", `3: Nested mappings are not allowed in compact mappings; ${yaml}`],
  ["keep-daily: 7", "keep-daily: seven", `7: plans.daily.retention.keep-daily is "seven"; ${whole}`],
  ["keep-daily: 7", "keep-daily: -1", `7: plans.daily.retention.keep-daily is -1; ${whole}`],
  ["keep-daily: 7", "keep-daily: 1.5", `7: plans.daily.retention.keep-daily is 1.5; ${whole}`],
  ["keep-daily: 7", "keep-daily: 3651", `7: plans.daily.retention.keep-daily is 3651; ${whole}`],
  ["keep-daily: 7", "keep-daily:", `7: plans.daily.retention.keep-daily is null; ${whole}`],
  ["keep-daily: 7", "keep-within: 14", `7: plans.daily.retention.keep-within is 14; ${duration}`],
  ["keep-daily: 7", "keep-within: 0d", `7: plans.daily.retention.keep-within is "0d"; ${duration}`],
  ["keep-daily: 7", "keep-within: 2w", `7: plans.daily.retention.keep-within is "2w"; ${duration}`],
  ["keep-daily: 7", "keep-dayly: 7", `7: plans.daily.retention.keep-dayly ${word} keep-daily?`],
  [keep, "", "2: plans.daily.retention is missing; use rules such as keep-daily: 7"],
  [keep, "    retention: 7\n", "6: plans.daily.retention is 7; use rules such as keep-daily: 7"],
  [tags, "{ backup: daily }", '5: plans.daily.select.tags.backup is "daily"; use a list of values'],
  [tags, "{ backup: [] }", "5: plans.daily.select.tags.backup is a collection; use at least one value"],
  [
    tags,
    "{ backup: [true] }",
    "5: plans.daily.select.tags.backup.0 is true; use text; quote numbers and booleans",
  ],
  [tags, "backup", `5: plans.daily.select.tags is "backup"; ${tagKeys}`],
  [tags, "{ backup: *daily }", `5: *daily stands for nothing; ${yaml}`],
  [tags, "{ backup: [*] }", `5: Alias cannot be an empty string; ${yaml}`],
  [
    `      tags: ${tags}\n`,
    "",
    `4: plans.daily.select is null; use tags, identifiers, engines, regions or exclude`,
  ],
  [
    "daily:",
    "Daily:",
    "2: plans.Daily is not a name; use a plan name of lower-case letters, digits and hyphens",
  ],
  ["plans:", "regions: us-east-1\nplans:", '1: regions is "us-east-1"; use a list of regions'],
  [
    "plans:",
    "regions: [us-east-1, eu-west-9]\nplans:",
    `1: regions.1 is "eu-west-9"; ${region}; did you mean`,
  ],
  [
    "plans:",
    "regions: [us-east-1, cn-north-1]\nplans:",
    '1: regions.1 is "cn-north-1"; use a region of aws like',
  ],
  ["plans:", "plan:", `1: plan ${word} plans?`],
  ["plans:", "regions: [eu-west-1]\nplans:", "3: plans.daily uses region us-east-1; add it to `regions`"],
];

const mistakes = [
  ...added.map(([line, message]) => [line, message, `${least}    ${line}\n`] as const),
  ...chosen.map(
    ([line, message]) => [line, message, least.replace("tags:", `${line}\n      tags:`)] as const,
  ),
  ...copied.map(
    ([says, message]) =>
      [says, `8: plans.daily.copies.0.${message}`, `${least}    copies: [{ ${says} }]\n`] as const,
  ),
  ...replaced.map(([right, wrong, message]) => [wrong, message, least.replace(right, wrong)] as const),
];

describe("a configuration with one mistake", () => {
  it.each(mistakes)("that says %j is told %s", (wrong, message, text) => {
    expect(text).toContain(wrong);
    const told = mistakesIn(text);
    expect(told.filter((line) => line.startsWith(`holdfast.yml:${message}`))).toHaveLength(1);
    expect(told.filter((line) => !/^holdfast\.yml:\d+: .*(; |did you mean)/.test(line))).toEqual([]);
  });

  it.each([
    ["", "the document is null; use `regions` and `plans`"],
    ["daily", 'the document is "daily"; use `regions` and `plans`'],
    ["regions: [us-east-1]", "plans is missing; use plans by name"],
    ["plans: []", "plans is a collection; use plans by name"],
  ])("in its whole: %j", (text, message) => {
    expect(mistakesIn(text)).toEqual([`holdfast.yml:1: ${message}`]);
  });
});

describe("a configuration with several mistakes", () => {
  it("is told all of them at once, in the order of the file, none of them twice", () => {
    const text = least
      .replace("cron(0 3 * * ? *)", "daily")
      .replace("7", "-1.5")
      .concat("    floor: 0\n    flor: 2\n");
    expect(mistakesIn(text).map((line) => line.replace(/ .*/, ""))).toEqual(
      [3, 7, 8, 9].map((line) => `holdfast.yml:${line}:`),
    );
  });

  it("is told every mistake of a schedule, and every region that there is not", () => {
    const text = `regions: [us-east-9, eu-west-9]\n${least.replace("0 3 * *", "60 24 0 *")}`;
    expect(mistakesIn(text).map((line) => line.replace(/;.*/, ""))).toEqual([
      'holdfast.yml:1: regions.0 is "us-east-9"',
      'holdfast.yml:1: regions.1 is "eu-west-9"',
      "holdfast.yml:4: plans.daily.schedule has 60 in minutes",
      "holdfast.yml:4: plans.daily.schedule has 24 in hours",
      "holdfast.yml:4: plans.daily.schedule has 0 in day-of-month",
    ]);
  });

  it("is not told of a region that is missing in a list of regions which is wrong itself", () => {
    expect(mistakesIn(`regions: [us-east-9]\n${least}`).map((line) => line.replace(/;.*/, ""))).toEqual([
      'holdfast.yml:1: regions.0 is "us-east-9"',
    ]);
  });

  it("is told of it where a plan is wrong, whatever that plan is called", () => {
    const wrong = least.replace("plans:\n", "").replace("daily:", "regions:").replace("7", "-1");
    const told = mistakesIn(`regions: [us-east-2]\n${least}${wrong}`).map((line) => line.replace(/;.*/, ""));
    expect(told).toEqual([
      "holdfast.yml:3: plans.daily uses region us-east-1",
      "holdfast.yml:14: plans.regions.retention.keep-daily is -1",
    ]);
  });

  it("is not pointed to regions of a partition that it cannot use", () => {
    const copies = (name: string) => `${least}    copies: [{ region: ${name} }]\n`;
    expect(mistakesIn(copies("cn-north-9"))).toEqual([
      `holdfast.yml:8: plans.daily.copies.0.region is "cn-north-9"; ${region}`,
    ]);
  });

  it("is told beside them that the deployed region is none", () => {
    const read = () => parseConfig(`${least}    floor: 0\n`, { path: "holdfast.yml", home: "eu-west-9" });
    expect(read).toThrow(
      'holdfast.yml:1: the document is read in "eu-west-9", which is no region of AWS; set AWS_REGION to the deployed region',
    );
    expect(read).toThrow("holdfast.yml:8: plans.daily.floor is 0");
  });

  it("names a region that two places use only once", () => {
    const text = `regions: [us-east-1]\n${least}    copies: [{ region: eu-west-1 }, { region: eu-west-1 }]\n`;
    expect(mistakesIn(text).filter((line) => line.includes("uses region eu-west-1"))).toHaveLength(1);
  });
});

describe("a word of holdfast.yml", () => {
  const known = [...new Set(everything.match(/[a-z][a-z-]*(?=:\s)/g))].filter(
    (key) => !["daily", "hourly", "backup", "backup-skip"].includes(key),
  );

  it.each(known)("is found where %s is mistyped", (key) => {
    expect(mistakesIn(`${least}    x${key}: 1\n`)).toContain(
      `holdfast.yml:8: plans.daily.x${key} ${word} ${key}?`,
    );
  });
});

describe("a file", () => {
  it("that is not there is named, with the way to name another", () => {
    const load = () => loadConfig("/nowhere/holdfast.yml", "us-east-1");
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(
      /^cannot read \/nowhere\/holdfast.yml: there is no such file; name another with --config$/,
    );
  });

  it("that cannot be read is told as such", () => {
    expect(() => loadConfig(import.meta.dirname, "us-east-1")).toThrow(
      `cannot read ${import.meta.dirname}: it is a directory; name another with --config`,
    );
    expect(() => loadConfig("package.json/holdfast.yml", "us-east-1")).toThrow(
      "cannot read package.json/holdfast.yml: ENOTDIR; name another with --config",
    );
  });
});
