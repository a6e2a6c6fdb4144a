import { DescribeDBClustersCommand, RDSClient, type RDSClientConfig } from "@aws-sdk/client-rds";
import type { LastingTime } from "./time.ts";

/** Somebody else's program in the account. */
export const foreignKey = { accessKeyId: "foreigner", secretAccessKey: "foreigner" } as const;

/** Calls RDS once a second in a region, as dashboards do, and never again where it is refused; ends when told. */
export const startForeigner = (
  region: string,
  { pass }: Pick<LastingTime, "pass">,
  config: Pick<RDSClientConfig, "endpoint" | "requestHandler">,
): (() => void) => {
  const client = new RDSClient({ ...config, region, credentials: { ...foreignKey }, maxAttempts: 1 });
  let over = false;
  const call = async (): Promise<void> => {
    while (!over) {
      await pass(1000);
      // A refusal is what is counted, and the simulator has recorded it.
      await client.send(new DescribeDBClustersCommand({ MaxRecords: 20 })).catch(() => {});
    }
  };
  void call();
  return () => {
    over = true;
  };
};
