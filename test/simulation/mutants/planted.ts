/** Defects thought out by hand: what a hurried change might do to a backup service. */
export interface Planted {
  readonly what: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const planted: readonly Planted[] = [
  {
    what: "prune takes snapshots of any status for recovery points",
    file: "lib/core/pruning.ts",
    find: `const isAvailable = ({ snapshot }: OwnedSnapshot): boolean => snapshot.status === "available";`,
    replace: "const isAvailable = (_: OwnedSnapshot): boolean => true;",
  },
  {
    what: "names do not tell the run's time",
    file: "lib/core/naming.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    find: "-${hash}-${compactTime(run.at)}`",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    replace: "-${hash}-20260101t000000z`",
  },
  {
    what: "a create that is answered AlreadyExists is taken for done",
    file: "lib/steps/snapshot.ts",
    find: `if (error instanceof SnapshotExistsError) return { id, phase: "awaited", name };`,
    replace: `if (error instanceof SnapshotExistsError) return { id, phase: "available", name };`,
  },
  {
    what: "pages after the first are dropped",
    file: "lib/engines/paging.ts",
    find: "marker = page.marker || undefined;",
    replace: "marker = undefined;",
  },
  {
    what: "running copies are counted from memory",
    file: "lib/steps/copy-queue.ts",
    find: "inFlight: running.length,",
    replace: "inFlight: 0,",
  },
  {
    what: "a hold is no gate of the verdict",
    file: "lib/core/pruning.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    find: "(hold === undefined ? undefined : `held: ${hold}`)",
    replace: "(hold === undefined ? undefined : undefined)",
  },
  {
    what: "the source of a running copy is no gate",
    file: "lib/core/pruning.ts",
    find: `copying.has(arnOf(snapshot)) ? "source of a copy in progress" : undefined`,
    replace: `copying.has("") ? "source of a copy in progress" : undefined`,
  },
  {
    what: "there is no floor",
    file: "lib/core/pruning.ts",
    find: "const spared = going.slice(0, missing);",
    replace: "const spared = going.slice(0, missing * 0);",
  },
  {
    what: "there is no brake",
    file: "lib/core/pruning.ts",
    find: "if (points.length <= plan.brake) return { braked: [], going: gone };",
    replace: "return { braked: [], going: gone };",
  },
  {
    what: "another stage's snapshots are ours",
    file: "lib/core/ownership.ts",
    find: "if (tags === undefined || tags[tagKeys.service] !== service) return undefined;",
    replace: "if (tags === undefined) return undefined;",
  },
  {
    what: "an until is removed at once",
    file: "lib/core/pruning.ts",
    find: "if (until === undefined || until <= now) return undefined;",
    replace: "if (until === undefined || until >= now) return undefined;",
  },
  {
    what: "the oldest of a period is kept instead of the newest",
    file: "lib/core/retention.ts",
    find: "b.takenAt - a.takenAt || (a.id < b.id ? -1 : 1);",
    replace: "a.takenAt - b.takenAt || (a.id < b.id ? -1 : 1);",
  },
  {
    what: "an incomplete run is called complete",
    file: "lib/core/summary.ts",
    find: `outcome: problems.length === 0 ? "complete" : "incomplete",`,
    replace: `outcome: "complete",`,
  },
  {
    what: "Sweep takes sets that runs visit",
    file: "lib/core/sweeping.ts",
    find: "const near = clusters.filter(({ region }) => plan.select.regions.includes(region));",
    replace: "const near: typeof clusters = [];",
  },
  {
    what: "Sweep takes points from before a renaming for visited",
    file: "lib/core/sweeping.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    find: "`${plan} ${resource} ${region} ${cluster}`",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    replace: "`${plan} ${resource} ${region} ${cluster && 1}`",
  },
  {
    what: "a copy region that cannot be listed suspends nothing",
    file: "lib/steps/prune.ts",
    find: "suspended: listed.length < copyPlans.length",
    replace: "suspended: false",
  },
  {
    what: "prune goes by the plan's terms, whatever the cluster's tags say",
    file: "lib/steps/prune.ts",
    find: "const terms = termsOf(rest.plan, member.overrides);",
    replace: "const terms = termsOf(rest.plan);",
  },
  {
    what: "copies that follow the plan's retention do not follow the cluster's tags",
    file: "lib/core/override.ts",
    find: "(to.inherits ? { ...to, retention } : to)",
    replace: "(to.inherits ? to : to)",
  },
  {
    what: "a retention in tags that cannot be read leaves the plan's alone in force",
    file: "lib/core/override.ts",
    find: `if (!problems.includes("override-retention")) return { policies: [policy] };`,
    replace: `if (!problems.includes("override-plan")) return { policies: [policy] };`,
  },
  {
    what: "what a retention in tags had kept goes after the last point that tells of it",
    file: "lib/core/override.ts",
    find: ", stamped: true };",
    replace: " };",
  },
  {
    what: "a cluster whose tags want no copies gets them",
    file: "lib/steps/copy-queue.ts",
    find: "termsOf(pass.plan, overrides).plan.copies.some(",
    replace: "termsOf(pass.plan, overrides && {}).plan.copies.some(",
  },
  {
    what: "copies that the cluster's tags want no more are nobody's to sweep",
    file: "lib/core/sweeping.ts",
    find: "const { copies } = termsOf(plan, overridesIn(tags)).plan;",
    replace: "const { copies } = termsOf(plan, overridesIn(tags) && {}).plan;",
  },
  {
    what: "snapshots are stamped with the plan's retention, whatever the cluster's tags say",
    file: "lib/steps/snapshot.ts",
    find: "const { plan } = termsOf(planNamed(config, run.plan), member.overrides);",
    replace: "const { plan } = termsOf(planNamed(config, run.plan));",
  },
  {
    what: "what tags ask for in vain is not reported",
    file: "lib/steps/report.ts",
    find: "terms: termsOf(plan, member.overrides),",
    replace: "terms: termsOf(plan),",
  },
  {
    what: "clusters do not join plans by their tags",
    file: "lib/core/selection.ts",
    find: "(joins ? undefined : mismatch) ??",
    replace: "(joins ? mismatch : mismatch) ??",
  },
  {
    what: "tags exclude no cluster",
    file: "lib/core/selection.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    find: "if (excluded) return `excluded by tag ${excluded[0]}=${tags[excluded[0]]}`;",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    replace: "if (excluded && !tags) return `excluded by tag ${excluded[0]}`;",
  },
  {
    what: "a cluster's tags are not carried to its snapshots",
    file: "lib/steps/snapshot.ts",
    find: "retention, carry: carryTags });",
    replace: "retention, carry: carryTags.slice(1) });",
  },
  {
    what: "keep-within of days is a day short",
    file: "lib/core/calendar.ts",
    find: "date.getUTCDate() - days,",
    replace: "date.getUTCDate() - days + 1,",
  },
  {
    what: "keep-within keeps what is as old as the span",
    file: "lib/core/retention.ts",
    find: "point.takenAt <= rule.after",
    replace: "point.takenAt < rule.after",
  },
  {
    what: "keep-within counts back from now",
    file: "lib/core/retention.ts",
    find: "clock.before(past[0]?.takenAt ?? now, span)",
    replace: "clock.before(past[0] ? now : now, span)",
  },
  {
    what: "keep-within-daily and its kind keep every point of the span",
    file: "lib/core/retention.ts",
    find: `"within-daily": dayOf,`,
    replace: `"within-daily": itself,`,
  },
  {
    what: "each part of a run takes all of its plan's places for copies",
    file: "lib/steps/copy.ts",
    find: "shareOf(plan.copiesInFlight, input.run.part)",
    replace: "shareOf(plan.copiesInFlight, undefined)",
  },
  {
    what: "what one of a run's parts came to is not summed up",
    file: "lib/core/summary.ts",
    find: "const all = [whole, ...told];",
    replace: "const all = [whole, ...told.slice(1)];",
  },
  {
    what: "calls do not wait for one another",
    file: "lib/runtime/pace.ts",
    find: "nextAt = leaveAt + 1000 / rate();",
    replace: "nextAt = leaveAt;",
  },
  {
    what: "functions that call at the same time each take the whole budget",
    file: "lib/runtime/pace.ts",
    find: "callsPerSecond / lanesIn(region)",
    replace: "callsPerSecond + 0 * lanesIn(region)",
  },
  {
    what: "Sweep takes what waits for a plan that is switched off",
    file: "lib/core/sweeping.ts",
    find: "Object.values(plans).flatMap((plan) => {",
    replace: "Object.values(plans).filter(({ enabled }) => enabled).flatMap((plan) => {",
  },
  {
    what: "Sweep does not look at the clusters once more before it judges",
    file: "lib/steps/sweep-orphans.ts",
    find: "[...known, ...after.items]",
    replace: "[...known]",
  },
  {
    what: "a sweep ends with its first pass",
    file: "lib/steps/sweep.ts",
    find: "if (!isSwept(after)) return",
    replace: "if (isSwept(before)) return",
  },
  {
    what: "Watch tells bad news of clusters that it has not looked at",
    file: "lib/core/shortfall.ts",
    find: "if (those.length === 0 || !row.atRisk.every(isSeen)) return",
    replace: "if (those.length === 0) return",
  },
  {
    what: "the schedule of a plan that is switched off fires",
    file: "deploy/schedules.ts",
    find: `State: input.enabled ? "ENABLED" : "DISABLED",`,
    replace: `State: input.name ? "ENABLED" : "DISABLED",`,
  },
  {
    what: "what AWS copies where a plan manages that goes after a week",
    file: "lib/core/copy-setting.ts",
    find: "export const manualCopyDays = -1;",
    replace: "export const manualCopyDays = 7;",
  },
  {
    what: "how a cluster is copied is changed by plans that do not manage it",
    file: "lib/core/copy-setting.ts",
    find: "manage && region !== cluster.region",
    replace: "(manage ?? true) && region !== cluster.region",
  },
  {
    what: "a member of a global cluster that only reads is backed up as well",
    file: "lib/core/selection.ts",
    find: `if (cluster.readOnlyReplica) return "only`,
    replace: `if (cluster.readOnlyReplica && !tags) return "only`,
  },
  {
    what: "a floor counts points that another plan's run may be deleting",
    file: "lib/core/pruning.ts",
    find: "const available = mine.filter(isAvailable).length;",
    replace: "const available = input.owned.filter(isAvailable).length;",
  },
  {
    what: "a copy inside its own region uses no source",
    file: "lib/steps/prune.ts",
    find: "destination: [...sources, ...listed.flatMap(({ snapshots }) => snapshots)],",
    replace: "destination: listed.flatMap(({ snapshots }) => snapshots),",
  },
  {
    what: "two keys of a region share a grant",
    file: "lib/engines/redshift-copying.ts",
    find: 'digest([service, region, kmsKey ?? ""])',
    replace: "digest([service, region])",
  },
  {
    what: "a hold that a person asks for is not written",
    file: "lib/core/ownership.ts",
    find: "...(request?.hold && {",
    replace: "...(request?.hold === service && {",
  },
  {
    what: "copies of what is held are not",
    file: "lib/core/ownership.ts",
    find: `filter(([key]) => key.startsWith("holdfast:"))`,
    replace: `filter(([key]) => key.startsWith("holdfast:") && key !== tagKeys.hold)`,
  },
  {
    what: "carried tags have their key for a value",
    file: "lib/core/ownership.ts",
    find: `[key, theirs[key] ?? ""]`,
    replace: "[key, key]",
  },
  {
    what: "copies that AWS brings are kept for ever",
    file: "lib/steps/arrivals.ts",
    find: "stampCopy({ source, ...promise(source) })",
    replace: "stampCopy({ source, ...promise(source), retention: {} })",
  },
  {
    what: "copies of what others took of a cluster are recognised as ours",
    file: "lib/core/arrival.ts",
    find: "copy.createdAt === source.createdAt &&",
    replace: "copy.cluster === source.cluster &&",
  },
  {
    what: "nothing is pruned in copy regions",
    file: "lib/steps/prune.ts",
    find: "return suspended ? elsewhere : [source, ...elsewhere];",
    replace: "return suspended ? [] : [source, ...elsewhere].slice(0, 1);",
  },
  {
    what: "what is encrypted is copied under AWS's key",
    file: "lib/steps/copy-start.ts",
    find: "...(keyed && kmsKey && { kmsKey }),",
    replace: `...(keyed && kmsKey && { kmsKey: "alias/aws/rds" }),`,
  },
  {
    what: "AWS deletes snapshots of Redshift's after a week",
    file: "lib/engines/redshift.ts",
    find: "const keepForEver = -1;",
    replace: "const keepForEver = 7;",
  },
  {
    what: "a run counts nothing that it prunes",
    file: "lib/core/summary.ts",
    find: "sum + (counts.pruned ?? 0), 0),",
    replace: "sum + 0 * (counts.pruned ?? 0), 0),",
  },
  {
    what: "Sweep finds no key that cannot be used",
    file: "lib/steps/key-survey.ts",
    find: "const objections = await objectionsTo({ region, ids: [...points.keys()] }, context);",
    replace:
      "const objections = await objectionsTo({ region, ids: [...points.keys()].slice(0, 0) }, context);",
  },
  {
    what: "nobody is told of recovery points",
    file: "lib/steps/batch-work.ts",
    find: "const events = points.map(",
    replace: "const events = points.slice(0, 0).map(",
  },
  {
    what: "a prune that is suspended is not told",
    file: "lib/steps/prune.ts",
    find: "const suspended: readonly Problem[] = world.suspended",
    replace: `const suspended: readonly Problem[] = world.suspended && plan.name === ""`,
  },
  {
    what: "what the deadline cuts off of a batch is not told",
    file: "lib/steps/batch-work.ts",
    find: "result: resultOf(batch, settled, untold),",
    replace: "result: resultOf(batch, tasks, untold),",
  },
  {
    what: "a pump takes a family's silence for its snapshots' absence where the other answers",
    file: "lib/steps/copy-awaited.ts",
    find: "unreached: new Set([...one.unreached, ...other.unreached]),",
    replace: "unreached: new Set(other.unreached),",
  },
  {
    what: "Sweep takes what is tagged as another cluster's, whose name ends alike",
    file: "lib/core/sweeping.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the product's source
    find: "!first.clusterArn.endsWith(`:cluster:${cluster}`)",
    replace: "!first.clusterArn.endsWith(cluster)",
  },
  {
    what: "an orphan of Redshift's is never swept",
    file: "lib/steps/sweep-orphans.ts",
    find: "const groups = chunk(byCluster, clustersAtOnce);",
    replace: `const groups = family === "redshift" ? [] : chunk(byCluster, clustersAtOnce);`,
  },
  {
    what: "Sweep knows no brake",
    file: "lib/core/sweeping.ts",
    find: "plan: planOf(input.config, first.plan),",
    replace: "plan: { ...planOf(input.config, first.plan), brake: 1000 },",
  },
  {
    what: "a cluster that is busy at first is given up at once",
    file: "lib/core/taking.ts",
    find: "const isNew = minutesElapsed - busySince < busyMinutesMax;",
    replace: "const isNew = minutesElapsed - busySince < 0;",
  },
  {
    what: "a stranger's snapshot under the name of one of ours is the run's",
    file: "lib/core/taking.ts",
    find: `ownedBy(service, snapshot) !== undefined && snapshot.status !== "failed"`,
    replace: `service !== "" && snapshot.status !== "failed"`,
  },
  {
    what: "a source that is not found is asked for once",
    file: "lib/core/copying.ts",
    find: "const unbelievedMax = 2;",
    replace: "const unbelievedMax = 0;",
  },
  {
    what: "copies that are absent are not told where the pump has not",
    file: "lib/core/summary.ts",
    find: `(copy) => copy.snapshot?.status !== "available" && !copy.silent`,
    replace: `(copy) => copy.snapshot && copy.snapshot.status !== "available" && !copy.silent`,
  },
  {
    what: "that the event bus did not listen is not told",
    file: "lib/steps/announce.ts",
    find: `return [{ cluster: "*", region, code: "untold" }];`,
    replace: "return [];",
  },
  {
    what: "a run does not tell that a brake held, or a gate",
    file: "lib/steps/prune.ts",
    find: "...suspended, ...judged, ...problems]);",
    replace: "...suspended, ...judged.slice(0, 0), ...problems]);",
  },
  {
    what: "that copies are late for days is not told",
    file: "lib/core/pruning.ts",
    find: `? [problem(input, "copy-gate")]`,
    replace: `? [problem(input, "copy-gate")].slice(0, 0)`,
  },
  {
    what: "the cluster with the newest copy is copied first",
    file: "lib/core/copying.ts",
    find: "if (ageA !== ageB) return ageA - ageB;",
    replace: "if (ageA !== ageB) return ageB - ageA;",
  },
  {
    what: "what AWS denies is called refused",
    file: "lib/steps/copy-start.ts",
    find: `return error instanceof DeniedError ? "denied" : "refused";`,
    replace: `return error instanceof MissingError ? "denied" : "refused";`,
  },
  {
    what: "a brake that held a sweep is not in its figure",
    file: "lib/steps/sweep-orphans.ts",
    find: "...sum.problems, ...judged, ...removal.problems",
    replace: "...sum.problems, ...judged.slice(0, 0), ...removal.problems",
  },
];
