import type { Permission } from "./iam.ts";

/** One request as it was answered. A status of 0 means that the connection was dropped. */
export interface CallEntry {
  /** The signing name: `rds` also for Neptune and DocumentDB. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  /** Who called; empty where the signature did not say, or lied. */
  readonly accessKeyId: string;
  /** Every question the call raised for IAM; empty where it was answered before. */
  readonly permissions: readonly Permission[];
  /** Virtual time. */
  readonly at: Date;
  readonly status: number;
  /** The error's code on the wire. */
  readonly code?: string;
}

/** Every request since the start or the last `clear`. */
export interface CallLog {
  readonly entries: readonly CallEntry[];
  readonly total: number;
  /** Counts under names such as `rds.DescribeDBClusters`. */
  byOperation(): Record<string, number>;
  clear(): void;
  /** Calls back for each request from now on; answers the function that ends this. */
  subscribe(listener: (entry: CallEntry) => void): () => void;
}

export const createCallLog = (): CallLog & { record(entry: CallEntry): void } => {
  const entries: CallEntry[] = [];
  const listeners = new Set<(entry: CallEntry) => void>();
  return {
    entries,
    get total() {
      return entries.length;
    },
    byOperation: () => countByOperation(entries),
    clear: () => {
      entries.length = 0;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    record: (entry) => {
      entries.push(entry);
      for (const listener of listeners) listener(entry);
    },
  };
};

const countByOperation = (entries: readonly CallEntry[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { service, operation } of entries) {
    const name = `${service}.${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};
