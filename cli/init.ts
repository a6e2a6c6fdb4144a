import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { chooseTag, type FleetSurvey, surveyFleet } from "../lib/core/fleet-survey.ts";
import { starterText } from "../lib/core/starter.ts";
import { HoldfastError } from "../lib/errors.ts";
import { parseConfig } from "../lib/runtime/config-file.ts";
import { engines } from "../lib/runtime/tools.ts";
import { type AccountOptions, accountCommand } from "./account.ts";
import { Misuse } from "./exit.ts";
import { homeOf } from "./region-option.ts";

interface InitOptions extends AccountOptions {
  readonly force?: boolean;
  readonly offline?: boolean;
}

export const initCommand = (): Command =>
  accountCommand("init", "Write a holdfast.yml to begin with, after a look at the clusters and their tags")
    .option("--force", "write over a file that is there")
    .option("--offline", "ask no account")
    .addHelpText("after", "\nExample:\n  AWS_REGION=us-east-1 holdfast init && holdfast validate")
    .action(init);

const init = async (options: InitOptions): Promise<void> => {
  const { config: file, region, offline = false, force = false, json } = options;
  if (!force && existsSync(file)) throw taken(file);
  // Without an account there need not be a region either: the file says then what packaging would take.
  const home = homeOf(region, offline ? "us-east-1" : undefined);
  const survey = offline ? undefined : await lookAt(home);
  const schema = schemaFrom(file);
  const text = starterText({ home, ...(survey && { survey }), ...(schema && { schema }) });
  // What is written must be right.
  parseConfig(text, { path: file, home });
  write(file, { text, force });
  const document = documentOf({ file, home, survey });
  console.log(json ? JSON.stringify(document, null, 2) : summaryOf(document));
};

const taken = (file: string): Misuse =>
  statSync(file).isDirectory()
    ? unwritable(file, "it is a directory")
    : new Misuse(`${file} is there already; name another with --config, or say --force`);

const unwritable = (file: string, why: string): Misuse =>
  new Misuse(`cannot write ${file || '""'}: ${why}; name another with --config`);

/** DescribeDBClusters and DescribeClusters in the home region; nothing else is asked. */
const lookAt = async (home: string): Promise<FleetSurvey> => {
  try {
    const listings = Object.values(engines({ home })).map((engine) => engine.listClusters(home));
    return surveyFleet((await Promise.all(listings)).flat());
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const { message } = error;
    throw new HoldfastError(`${message}; nothing was written, and --offline asks no account`, {
      cause: error,
    });
  }
};

/** The package's schema, where it is beside or below the file: a way out of the folder holds on one machine only. */
const schemaFrom = (file: string): string | undefined => {
  const schema = fileURLToPath(new URL("../holdfast.schema.json", import.meta.url));
  const way = relative(dirname(resolve(file)), schema);
  return existsSync(schema) && !way.startsWith("..") ? `./${way.replaceAll("\\", "/")}` : undefined;
};

const write = (file: string, { text, force }: { text: string; force: boolean }): void => {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw taken(file);
    throw unwritable(file, obstacles[code] ?? message);
  }
};

const obstacles: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a directory",
  EACCES: "you may not write there",
  EROFS: "you may not write there",
};

/** What was seen and written, as one document. */
const documentOf = ({
  file,
  home,
  survey,
}: {
  file: string;
  home: string;
  survey: FleetSurvey | undefined;
}) => ({
  ...{ version: 1, file, region: home, offline: survey === undefined },
  clusters: survey?.clusters ?? null,
  encrypted: survey?.encrypted ?? null,
  engines: survey?.engines ?? [],
  tags: survey?.tags ?? [],
  select: chooseTag(survey),
});

const summaryOf = ({ file, region, clusters, select }: ReturnType<typeof documentOf>): string => {
  const tag = `${select.key}=${select.value}`;
  const meant =
    clusters === null
      ? `means what is tagged ${tag}`
      : `means ${select.clusters} of the ${clusters} cluster${clusters === 1 ? "" : "s"} there, by the tag ${tag}`;
  return `wrote ${file}: plan daily in ${region} ${meant}`;
};
