import { closest, distance } from "fastest-levenshtein";
import { countRules, withinRules } from "./retention.ts";

/** A word that is close to one of ours was mistyped; one that is ours stands in the wrong place. */
export const describeUnknown = (key: string): string => {
  if (words.includes(key)) return "does not belong here; docs/reference.md says where";
  const meant = words.find((word) => word.startsWith(key)) ?? closest(key, words);
  const near = meant.startsWith(key) || distance(key, meant) <= Math.max(2, key.length / 3);
  return `is not a word of holdfast.yml${near ? `; did you mean ${meant}?` : "; take it out"}`;
};

/** Every word that the schema knows, for the one that a mistyped key may have meant. */
const words: readonly string[] = [
  ...["regions", "plans", "enabled", "schedule", "timezone", "flexible-window-minutes"],
  ...[
    "select",
    "tags",
    "identifiers",
    "engines",
    "exclude",
    "retention",
    "copies",
    "region",
    "kms-key",
    "manage",
  ],
  ...["objective", "source", "copy", "deadline", "floor", "brake", "copies-in-flight"],
  ...["stopped", "carry-tags"],
  ...[...countRules, ...withinRules].map((rule) => `keep-${rule}`),
];
