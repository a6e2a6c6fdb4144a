import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By default the longest text comes first; what lasts longest is a short one, and at the end all would wait for it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith("/months.test.ts");
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

// The caller's account, stage and terminal are nobody's business here: a test says what it wants of them.
for (const name of Object.keys(process.env))
  if (/^(AWS_.*|HOLDFAST_(STAGE|CONFIG)|FORCE_COLOR|NO_COLOR|COLUMNS|TZ)$/.test(name))
    delete process.env[name];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    isolate: false,
    // One a core: by default there is one less, and on two cores the second would wait for the first.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
