import * as z from "zod/mini";
import { type Engine, engineNames } from "./cluster.ts";
import {
  carryTags,
  count,
  deadline,
  hours,
  identifiers,
  kmsKey,
  regionBeside,
  schedule,
  tagPattern,
  timeZone,
  use,
  wholeFrom1,
  windowMinutes,
  within,
} from "./plan-fields.ts";
import { countRules, withinRules } from "./retention.ts";

/** holdfast.yml in form, of a deployment in the region `home`: which words there are, and where they stand. */
export const documentIn = (home: string) =>
  z.strictObject(
    {
      regions: z.optional(regionsBeside(home)),
      "calls-per-second": z.optional(wholeFrom1),
      plans: z.record(planName, planIn(home), use("plans by name")),
    },
    use("`regions` and `plans`"),
  );

/** A plan as it is written, its schedule understood. */
export type PlanDocument = z.infer<ReturnType<typeof planIn>>;
export type CopyDocument = NonNullable<PlanDocument["copies"]>[number];

const regionsBeside = (home: string) =>
  z.array(regionBeside(home), use("a list of regions")).check(z.minLength(1, use("at least one region")));

const planName = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,30}$/, use("a plan name of lower-case letters, digits and hyphens")));

const retention = z.strictObject(
  {
    ...Object.fromEntries(countRules.map((rule) => [`keep-${rule}`, z.optional(count)])),
    ...Object.fromEntries(withinRules.map((rule) => [`keep-${rule}`, z.optional(within)])),
  },
  use("rules such as keep-daily: 7"),
);

const engine = z.enum(engineNames as [Engine, ...Engine[]], use(`one of ${engineNames.join(", ")}`));

const objective = z.strictObject(
  { source: z.optional(hours), copy: z.optional(hours) },
  use("source and copy"),
);

const planIn = (home: string) =>
  z.strictObject(
    {
      enabled: z.optional(z.boolean(use("true or false"))),
      schedule,
      timezone: z.optional(timeZone),
      "flexible-window-minutes": z.optional(windowMinutes),
      select: selectIn(home),
      retention,
      copies: z.optional(z.array(copyIn(home), use("a list of copy regions"))),
      objective: z.optional(objective),
      deadline: z.optional(deadline),
      floor: z.optional(wholeFrom1),
      brake: z.optional(wholeFrom1),
      "copies-in-flight": z.optional(wholeFrom1),
      stopped: z.optional(z.enum(["problem", "skip"], use("problem or skip"))),
      "carry-tags": z.optional(carryTags),
    },
    use("a plan with schedule, select and retention"),
  );

const selectIn = (home: string) =>
  z.strictObject(
    {
      tags: tagPattern,
      identifiers: z.optional(identifiers),
      engines: z.optional(z.array(engine).check(z.minLength(1, use("at least one engine")))),
      regions: z.optional(regionsBeside(home)),
      exclude: z.optional(z.strictObject({ tags: tagPattern }, use("tags"))),
    },
    use("tags, identifiers, engines, regions or exclude"),
  );

const copyIn = (home: string) =>
  z.strictObject(
    {
      region: regionBeside(home),
      "kms-key": z.optional(kmsKey),
      retention: z.optional(retention),
      manage: z.optional(z.boolean(use("true or false"))),
    },
    use("a region with its kms-key and retention"),
  );
