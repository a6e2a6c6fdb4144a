import { closest, distance } from "fastest-levenshtein";
import * as z from "zod/mini";
import { ConfigError } from "../lib/errors.ts";
import type { Settings } from "./stack.ts";

/** What CloudWatch Logs takes for a retention (PutRetentionPolicy). */
const retentionDays = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

const off = "off";
const orOff = <T extends z.ZodMiniType>(schema: T) => z.union([z.literal(off), schema]);
const wholeFrom = (least: number, most: number) =>
  z.coerce.number().check(z.int(), z.minimum(least), z.maximum(most));
const memory = wholeFrom(128, 10_240);

/** Every parameter of serverless.yml: what it may be, and how that is said. */
const parameters = {
  "log-retention": {
    schema: z.coerce.number().check(z.refine((days) => retentionDays.includes(days))),
    remedy: `use a number of days that CloudWatch Logs knows: ${retentionDays.join(", ")}`,
  },
  // Above INFO the journal is gone, and with it the report and every reason.
  "log-level": { schema: z.enum(["DEBUG", "INFO"]), remedy: "use INFO or DEBUG" },
  "alarm-topic": {
    schema: orOff(z.string().check(z.regex(/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/))),
    remedy: "use the ARN of an SNS topic, or off",
  },
  "alarm-email": {
    schema: orOff(z.string().check(z.regex(/^\S+@\S+$/))),
    remedy: "use an address such as oncall@example.com, or off",
  },
  "reserved-concurrency": {
    // Maps start up to 20 of a function at once; with far fewer places Lambda would refuse calls all night.
    schema: orOff(wholeFrom(10, 1000)),
    remedy: "use a whole number from 10 to 1000, better 20, or off",
  },
  tracing: { schema: z.enum(["true", "false"]), remedy: "use true or false" },
  memory: { schema: memory, remedy: "use 128 to 10240" },
  "memory-light": { schema: memory, remedy: "use 128 to 10240" },
  "memory-heavy": { schema: memory, remedy: "use 128 to 10240" },
} as const;

/** As serverless.yml has them, for what is checked before the framework runs. */
export const defaults = {
  ...{ "log-retention": 30, "log-level": "INFO", "alarm-topic": off, "alarm-email": off },
  ...{ "reserved-concurrency": off, tracing: "true", memory: 512, "memory-light": 256, "memory-heavy": 1024 },
};

type Name = keyof typeof parameters;
const names = Object.keys(parameters) as readonly Name[];

const schema = z.object(
  Object.fromEntries(names.map((name) => [name, parameters[name].schema])) as {
    [Each in Name]: (typeof parameters)[Each]["schema"];
  },
);

/** What `--param NAME=VALUE` gave, by name; of a name that is given twice the last value, as the framework has it. */
export const givenParameters = (words: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new ConfigError(
        `--param ${word} has no value; use NAME=VALUE, such as alarm-email=oncall@example.com`,
      );
    }),
  );

/** The parameters, understood, for a stack in `home`; one `ConfigError` names all that cannot be. */
export const readSettings = (given: Readonly<Record<string, unknown>>, home: string): Settings => {
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name as Name))
    .map(describeUnknown);
  const parsed = schema.safeParse({
    ...given,
    ...(given.tracing !== undefined && { tracing: String(given.tracing) }),
  });
  const wrong = (parsed.error?.issues ?? []).map(({ path: [name] }) => {
    const { remedy } = parameters[name as Name];
    return `parameter ${String(name)} is ${JSON.stringify(given[String(name)])}; ${remedy}`;
  });
  const words = [...unknown, ...wrong, ...(parsed.success ? objections(parsed.data, home) : [])];
  if (words.length > 0 || !parsed.success) throw new ConfigError(words.join("\n"));
  const { "alarm-topic": topic, "alarm-email": email, "reserved-concurrency": concurrency } = parsed.data;
  return {
    logRetentionDays: parsed.data["log-retention"],
    ...(topic !== off && { alarmTopic: topic }),
    ...(email !== off && { alarmEmail: email }),
    ...(concurrency !== off && { reservedConcurrency: concurrency }),
  };
};

const describeUnknown = (name: string): string => {
  const meant = closest(name, [...names]);
  const near = distance(name, meant) <= Math.max(2, name.length / 3);
  return `there is no parameter ${name}; ${near ? `did you mean ${meant}? There` : "there"} are ${names.join(", ")}`;
};

/** What is right by itself, and not beside the others. */
const objections = (given: z.output<typeof schema>, home: string): readonly string[] => {
  const { "alarm-topic": topic, "alarm-email": email } = given;
  if (topic === off) return [];
  const region = topic.split(":")[3];
  return [
    ...(region === home
      ? []
      : [`parameter alarm-topic is of ${region}; alarms of a stack in ${home} need a topic there`]),
    ...(email === off
      ? []
      : ["parameter alarm-email has no use beside alarm-topic; subscribe the address to that topic"]),
  ];
};
