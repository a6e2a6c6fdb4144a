import { describe, expect, it } from "vitest";
import type { ClusterTimes } from "../../lib/core/coverage.ts";
import { type ShortfallInput, shortWithWitness, tellShortfall } from "../../lib/core/shortfall.ts";
import { clusterOf, dayMs, now } from "./samples.ts";

const hour = 3_600_000;
/** The times of the runs of so many nights ago; the last was an hour ago. */
const at = (nights: number): number => now - hour - nights * dayMs;
const member = (id: string, nights: readonly number[], createdAt = "2026-01-01T00:00:00Z"): ClusterTimes => ({
  ...{ region: "us-east-1", kind: "source", cluster: clusterOf({ id, createdAt }) },
  times: new Set(nights.map(at)),
});
const well = member("orders", [0, 1]);
const looked = [at(0), at(1)];

describe("the clusters that are looked at", () => {
  const looksAt = (members: readonly ClusterTimes[], runs = looked): readonly string[] =>
    shortWithWitness({ members, looked: runs }).map(({ cluster }) => cluster.id);

  it("are those that lack a point of the run that fewest lack one of, and the oldest of the others", () => {
    const members = [
      member("orders", [1], "2026-02-01T00:00:00Z"),
      member("ledger", [1]),
      member("billing", []),
    ];
    expect(looksAt(members)).toEqual(["billing", "ledger"]);
    expect(looksAt(members.slice(2))).toEqual(["billing"]);
  });

  it("are none where none lacks one, or nothing was looked at", () => {
    expect(looksAt([member("orders", [1]), member("ledger", [1])])).toEqual([]);
    expect(looksAt([member("orders", [])], [])).toEqual([]);
  });

  it("are none that are younger than the run", () => {
    expect(looksAt([well, member("young", [], "2026-11-21T03:30:00Z")])).toEqual([]);
  });
});

describe("what they tell of a row", () => {
  const ledger = member("ledger", [3, 4, 5]);
  const told = (differs: Partial<ShortfallInput> & { readonly wholeNights?: number }) => {
    const { wholeNights = 3, ...rest } = differs;
    return tellShortfall({
      ...{
        members: [member("orders", [0, 1, 3]), ledger],
        short: new Set([ledger.cluster.arn]),
        looked,
        now,
      },
      row: { runAge: (hour + wholeNights * dayMs) / 1000, atRisk: ["ledger"] },
      ...rest,
    });
  };

  it("is all where no run since the last that was complete can have been", () => {
    expect(told({})).toBe("told");
    expect(told({ wholeNights: 4 })).toEqual({ earlier: at(3) });
    expect(told({ wholeNights: 4, looked: [...looked, at(3)] })).toBe("told");
    expect(told({ wholeNights: 9, looked: [...looked, at(4)] })).toEqual({ earlier: at(3) });
  });

  it("is a run to ask for only where each of them had its part in it", () => {
    const billing = member("billing", [4, 5, 6]);
    const both = { members: [ledger, billing], short: new Set([ledger.cluster.arn, billing.cluster.arn]) };
    expect(told({ ...both, wholeNights: 6 })).toEqual({ earlier: at(4) });
    expect(told({ ...both, wholeNights: 4 })).toBe("told");
  });

  it("is nothing where somebody else is at risk, or one of whom nothing was seen", () => {
    expect(told({ row: { runAge: (hour + 3 * dayMs) / 1000, atRisk: ["orders"] } })).toBe("untold");
    const unseen = member("ledger", [], "2026-11-15T03:30:00Z");
    expect(told({ members: [unseen], wholeNights: 6 })).toBe("untold");
    expect(told({ short: new Set() })).toBe("untold");
  });

  it("is nothing where one of another family has the name of one at risk, and was not looked at", () => {
    const arn = "arn:aws:redshift:us-east-1:123456789012:cluster:ledger";
    const warehouse = { ...ledger, cluster: clusterOf({ id: "ledger", engine: "redshift", arn }) };
    expect(told({ members: [ledger, warehouse] })).toBe("untold");
    expect(told({ members: [ledger, warehouse], short: new Set([ledger.cluster.arn, arn]) })).toBe("told");
  });

  // Found by seed 207264.
  it("is nothing of a run that all of them had their part in, and which another may have had under another name", () => {
    const since = { looked: [...looked, at(3)], wholeNights: 4 };
    const named = (nights: readonly number[], createdAt?: string) =>
      told({ ...since, members: [member("orders", nights, createdAt), ledger] });
    expect([named([0, 1, 3, 4]), named([0, 1, 4])]).toEqual(["told", "told"]);
    // They came after the run that was complete, before the next and after it.
    const cameAt = (nights: number) => named([0, 1], new Date(at(nights)).toISOString());
    expect([cameAt(3.5), cameAt(2.5)]).toEqual(["untold", "told"]);
  });

  it("is nothing of a time of which the points may bear another name", () => {
    const since = { looked: [...looked, at(3), at(4), at(5)] };
    const members = [member("orders", [0, 1, 3, 5]), ledger];
    expect(told({ ...since, members, wholeNights: 5 })).toBe("told");
    expect(told({ ...since, wholeNights: 6 })).toBe("untold");
    const young = member("ledger", [3, 4, 5], "2026-11-15T03:30:00Z");
    expect(told({ ...since, members: [young], wholeNights: 6 })).toBe("told");
    // One that came after the complete run, and was renamed since: another's points tell of runs that it may have had a part in.
    const renamed = member("billing", [0], "2026-11-16T03:30:00Z");
    const both = { members: [ledger, renamed], short: new Set([ledger.cluster.arn, renamed.cluster.arn]) };
    expect(told({ ...both, wholeNights: 5 })).toBe("untold");
    const newcomer = member("billing", [0], "2026-11-20T03:30:00Z");
    const withNewcomer = { members: [ledger, newcomer], short: both.short };
    expect(told({ ...withNewcomer, wholeNights: 3 })).toBe("told");
  });
});
