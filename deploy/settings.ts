import * as z from "zod/mini";
import { ConfigError } from "../lib/errors.ts";
import type { Settings } from "./stack.ts";

/** What CloudWatch Logs takes for a retention (PutRetentionPolicy). */
const retentionDays = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

const off = ["", "off", "none"];
const optional = <T extends z.ZodMiniType>(schema: T) => z.union([z.literal(off), schema]);

const use = (what: string) => ({ error: `use ${what}` });

const schema = z.object({
  "log-retention": z.coerce
    .number(use(`a number of days that CloudWatch Logs knows: ${retentionDays.join(", ")}`))
    .check(
      z.refine(
        (days) => retentionDays.includes(days),
        use(`a number of days that CloudWatch Logs knows: ${retentionDays.join(", ")}`),
      ),
    ),
  "alarm-topic": optional(z.string().check(z.regex(/^arn:[^:]+:sns:[^:]+:\d{12}:.+$/))),
  "alarm-email": optional(z.string().check(z.regex(/^\S+@\S+$/))),
  "reserved-concurrency": optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000))),
});

const remedies: Readonly<Record<string, string>> = {
  "alarm-topic": "use the ARN of an SNS topic",
  "alarm-email": "use an address such as oncall@example.com",
  "reserved-concurrency": "use off, or a whole number from 1 to 1000",
};

/** The parameters of serverless.yml, understood; one `ConfigError` names all that cannot be. */
export const readSettings = (parameters: Readonly<Record<string, unknown>>): Settings => {
  const parsed = schema.safeParse(parameters);
  if (!parsed.success) {
    const words = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `parameter ${name} is ${JSON.stringify(parameters[name])}; ${remedies[name] ?? message}`;
    });
    throw new ConfigError(words.join("\n"));
  }
  const given = parsed.data;
  const [topic, email, concurrency] = [
    given["alarm-topic"],
    given["alarm-email"],
    given["reserved-concurrency"],
  ];
  return {
    logRetentionDays: given["log-retention"],
    ...(isGiven(topic) && { alarmTopic: topic }),
    ...(isGiven(email) && { alarmEmail: email }),
    ...(typeof concurrency === "number" && { reservedConcurrency: concurrency }),
  };
};

const isGiven = (word: string): boolean => !off.includes(word);
