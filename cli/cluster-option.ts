import { Misuse } from "./exit.ts";

/** A cluster that `--cluster` names. Nothing, as of a variable that is not set, is no cluster, and would be looked for in vain. */
export const clusterNamed = (name: string): string => {
  if (name.trim() !== "") return name;
  throw new Misuse("--cluster is empty; name a cluster by its identifier or ARN, or leave it out");
};
