import type { Discovery } from "../../lib/steps/discover.ts";
import { discover } from "../../lib/steps/discover.ts";
import { at, type Night } from "../night.ts";

/** What Discover finds in a night, for tests of the steps after it. */
export const discovered = async ({
  context,
}: Night): Promise<Discovery & { readonly batch: Discovery["batches"][number] }> => {
  const discovery = await discover({ request: { plan: "daily", at }, startedAt: at }, context());
  const [batch] = discovery.batches;
  if (batch === undefined) throw new Error("the fleet of this test has no cluster that the plan means");
  return { ...discovery, batch };
};
