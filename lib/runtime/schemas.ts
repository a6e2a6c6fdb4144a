import * as z from "zod/mini";
import { type Engine, engineNames } from "../core/cluster.ts";
import { type ProblemCode, problemSentences } from "../core/problem.ts";
import { readTime } from "../core/time.ts";

/** The shapes that travel between states, checked at every door. What a shape does not name, its door takes out. */

export const iso = z.string().check(z.refine((text) => !Number.isNaN(readTime(text))));
const name = z.string().check(z.minLength(1));

const count = z.int().check(z.positive());
const family = z.enum(["rds", "redshift"]);
const part = {
  family,
  regions: z.array(name).check(z.minLength(1)),
  slice: z.exactOptional(z.object({ number: count, of: count })),
  number: count,
  of: count,
};

export const runRequest = z.strictObject({
  plan: name,
  at: z.exactOptional(iso),
  clusters: z.exactOptional(z.array(name)),
  reason: z.exactOptional(name),
  hold: z.exactOptional(name),
  until: z.exactOptional(iso),
  part: z.exactOptional(z.strictObject({ ...part, since: iso, asked: z.exactOptional(z.literal(true)) })),
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: z.exactOptional(name),
});

export const run = z.object({
  plan: name,
  at: iso,
  id: name,
  deadline: iso,
  request: z.exactOptional(
    z.object({ reason: z.exactOptional(name), hold: z.exactOptional(name), until: z.exactOptional(iso) }),
  ),
  part: z.exactOptional(z.object(part)),
});

/** What the scheduler says to a function that it calls by itself. */
export const scheduled = z.strictObject({ at: iso });

export const batch = z.object({
  lanes: z.exactOptional(z.object({ region: z.number(), run: z.number() })),
  startsAfter: z.exactOptional(z.number()),
  region: name,
  family,
  arnPrefix: name,
  members: z.array(
    z.object({
      id: name,
      resource: name,
      status: z.exactOptional(z.string()),
      overrides: z.exactOptional(
        z.object({ retention: z.exactOptional(z.string()), copies: z.exactOptional(z.string()) }),
      ),
    }),
  ),
});

/** Problem codes are ours alone: they are read from what our own steps wrote. */
const code = z.enum(Object.keys(problemSentences) as [ProblemCode, ...ProblemCode[]]);
export const problem = z.object({ cluster: name, region: name, code });

const task = z.object({
  id: name,
  phase: z.enum(["due", "awaited", "available", "failed", "skipped"]),
  name: z.exactOptional(name),
  problem: z.exactOptional(code),
  busySince: z.exactOptional(z.number()),
});

export const batchWork = z.object({
  tasks: z.array(task),
  since: iso,
  untried: z.exactOptional(z.number()),
  untold: z.exactOptional(z.literal(true)),
});

export const copyWork = z.object({
  tasks: z.array(
    z.object({
      cluster: name,
      region: name,
      family,
      source: name,
      phase: z.enum(["awaited", "due", "copying", "arriving"]),
      copy: z.exactOptional(name),
      asked: z.exactOptional(z.number()),
      lost: z.exactOptional(z.number()),
      unanswered: z.exactOptional(z.literal(true)),
      unbelieved: z.exactOptional(z.number()),
      rank: z.exactOptional(z.number()),
      found: z.exactOptional(
        z.object({
          arn: name,
          engine: z.enum(engineNames as [Engine, ...Engine[]]),
          encrypted: z.boolean(),
          awsOwnedKey: z.exactOptional(z.literal(true)),
          tags: z.union([z.record(z.string(), z.string()), z.undefined()]),
        }),
      ),
    }),
  ),
  since: iso,
  others: z.exactOptional(z.array(name)),
  limit: z.number(),
  done: z.number(),
  lasting: z.exactOptional(z.number()),
  measured: z.exactOptional(z.number()),
  arrivals: z.exactOptional(z.number()),
  keyUsable: z.exactOptional(z.literal(true)),
  problems: z.array(problem),
  unreached: z.exactOptional(z.record(z.string(), z.number())),
});

const tally = z.record(z.string(), z.number());

/** What the scheduler says to a sweep, and what one of its passes says to the next. */
export const sweeping = z.object({
  at: iso,
  work: z.exactOptional(
    z.object({
      families: z.array(
        z.object({
          family,
          left: z.array(
            z.object({ region: name, from: z.exactOptional(name), anew: z.exactOptional(z.literal(true)) }),
          ),
          suspended: z.exactOptional(z.literal(true)),
          sets: z.number(),
          pruned: z.number(),
          problems: z.array(problem),
        }),
      ),
      keys: z.record(z.string(), tally),
      unseen: z.array(name),
    }),
  ),
});

export const destination = z.object({ region: name });

/** A child of the state machine answers with its result, or with the name of the error that cut it off. */
const childResult = z.object({
  region: name,
  family: z.exactOptional(family),
  counts: z.record(z.string(), z.number()),
  problems: z.array(problem),
  lost: z.exactOptional(z.string()),
});

/**
 * What a Map hands on. In place of a child that died without an answer it is not documented what stands there:
 * whatever it is, that child is lost, and Report must still run.
 */
export const childResults = z.array(
  z.catch(childResult, { region: "*", counts: {}, problems: [], lost: "NoAnswer" }),
);

const totals = z.object({
  clusters: z.number(),
  snapshots: z.number(),
  copies: z.number(),
  pruned: z.number(),
  problems: z.number(),
});

/** A part answers with its report; in place of one that died may stand anything, as above. */
export const partResults = z.array(
  z.catch(
    z.union([
      z.object({
        outcome: z.enum(["complete", "incomplete"]),
        totals,
        problems: z.array(problem),
      }),
      z.object({ lost: name, part: z.exactOptional(z.object({ regions: z.array(name) })) }),
    ]),
    { lost: "NoAnswer" },
  ),
);
