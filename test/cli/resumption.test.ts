import { expect, it } from "vitest";
import { resumption } from "../../cli/backup-local.ts";

const options = { config: "holdfast.yml", stage: "dev" };

it("goes on with the very same request: its hold, its reason and its clusters are part of what is taken", () => {
  const request = {
    ...{ plan: "daily", at: "2026-11-20T03:00:00Z", clusters: ["orders", "docs"] },
    ...{ reason: "before the migration", hold: "audit's" },
  };
  expect(resumption(request, { ...options, region: "eu-west-1" })).toBe(
    "holdfast backup daily --local --at 2026-11-20T03:00:00Z --reason 'before the migration' " +
      "--hold 'audit'\\''s' --config holdfast.yml --region eu-west-1 --stage dev --cluster orders docs",
  );
});

it("says no more than was asked for", () => {
  expect(resumption({ plan: "daily", at: "2026-11-20T03:00:00Z" }, options)).toBe(
    "holdfast backup daily --local --at 2026-11-20T03:00:00Z --config holdfast.yml --stage dev",
  );
});
