interface EngineDefaults {
  engineVersion: string;
  masterUsername: string;
  port: number;
  backupRetentionPeriod: number;
  subnetGroup: string;
  securityGroups: string[];
  parameterGroup: string;
}

const versions: Record<string, { engineVersion: string; port: number; family: string }> = {
  "aurora-mysql": { engineVersion: "8.0.mysql_aurora.3.08.0", port: 3306, family: "aurora-mysql8.0" },
  "aurora-postgresql": { engineVersion: "16.6", port: 5432, family: "aurora-postgresql16" },
  mysql: { engineVersion: "8.0.40", port: 3306, family: "mysql8.0" },
  postgres: { engineVersion: "16.6", port: 5432, family: "postgres16" },
  neptune: { engineVersion: "1.4.5.0", port: 8182, family: "neptune1.4" },
  docdb: { engineVersion: "5.0.0", port: 27017, family: "docdb5.0" },
};

/** What a cluster of the RDS family has where nobody said otherwise. */
export const engineDefaults = (engine: string): EngineDefaults => {
  const { engineVersion, port, family } = versions[engine] ?? {
    engineVersion: "1.0",
    port: 3306,
    family: engine,
  };
  return {
    engineVersion,
    port,
    masterUsername: "admin",
    backupRetentionPeriod: 1,
    subnetGroup: "default",
    securityGroups: ["sg-6c7fa917"],
    parameterGroup: `default.${family}`,
  };
};
