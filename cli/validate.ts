import { Command } from "commander";
import { parse } from "yaml";
import type { Config } from "../lib/core/plan.ts";
import { type ConfigWarning, planWarnings } from "../lib/core/plan-warnings.ts";
import { isRegion } from "../lib/core/region.ts";
import { ConfigError } from "../lib/errors.ts";
import { type Examined, examineConfig, type Remark, readText } from "../lib/runtime/config-file.ts";
import { exitStatus, Misuse } from "./exit.ts";
import { homeOf } from "./region-option.ts";

interface ValidateOptions {
  readonly config?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** What validation found, as one document. */
interface ValidationDocument {
  readonly version: 1;
  readonly file: string;
  /** The region that the file was read for. */
  readonly region: string;
  readonly valid: boolean;
  readonly plans: readonly string[];
  readonly regions: readonly string[];
  readonly problems: readonly Remark[];
  readonly warnings: readonly (Remark & Pick<ConfigWarning, "code">)[];
}

export const validateCommand = (): Command =>
  new Command("validate")
    .description("Check holdfast.yml, offline: every mistake and warning, with its line")
    .argument("[file]", "the plans (default: holdfast.yml)")
    .option("--config <file>", "the same as [file]")
    .option(
      "--region <region>",
      "the home region to read it for (default: AWS_REGION, else its first region)",
    )
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExample:\n  holdfast validate holdfast.yml --region eu-west-1")
    .action(validate);

const validate = (file: string | undefined, { config, region, json }: ValidateOptions): void => {
  if (file !== undefined && config !== undefined) throw new Misuse("name one file: as FILE or with --config");
  const document = examineFile(file ?? config ?? "holdfast.yml", region, Date.now());
  for (const { sentence } of [...document.problems, ...document.warnings]) console.error(sentence);
  if (json) console.log(JSON.stringify(document, null, 2));
  else if (document.valid) console.log(summaryOf(document));
  process.exitCode = document.valid ? exitStatus.done : exitStatus.misuse;
};

const summaryOf = ({ file, plans, regions, region }: ValidationDocument): string =>
  `${file} is valid: ${plans.length === 1 ? "plan" : "plans"} ${plans.join(", ") || "none"}; ` +
  `regions ${regions.join(", ") || "none"} (read for ${region})`;

const examineFile = (file: string, asked: string | undefined, now: number): ValidationDocument => {
  const found = { version: 1, file, ...nothing } as const;
  try {
    const text = readText(file);
    const region = homeOf(asked, firstRegion(text));
    return { ...found, region, ...outcomeOf(examineConfig(text, { path: file, home: region }), now) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { message } = error;
    return { ...found, problems: [{ line: 0, path: "", message, sentence: `holdfast: ${message}` }] };
  }
};

const nothing = { region: "", valid: false, plans: [], regions: [], problems: [], warnings: [] };

const outcomeOf = (examined: Examined, now: number): Partial<ValidationDocument> => {
  if ("mistakes" in examined) return { problems: examined.mistakes };
  const { config, remark } = examined;
  const warnings = planWarnings(config, now).map((warning) => ({
    code: warning.code,
    ...remark(warning, "warning"),
  }));
  const byLine = warnings.toSorted((a, b) => a.line - b.line);
  return { valid: true, ...namesIn(config), warnings: byLine };
};

const namesIn = ({ plans, regions }: Config) => ({ plans: Object.keys(plans), regions });

/** Where nobody says what the home region is, the file's first is the likeliest; packaging's default otherwise. */
const firstRegion = (text: string): string => {
  try {
    const first = String(parse(text)?.regions?.[0]);
    return isRegion(first) ? first : packagingDefault;
  } catch {
    // What is not YAML is told by the examination.
    return packagingDefault;
  }
};

const packagingDefault = "us-east-1";
