/** The demo's holdfast.yml, parsed like any other. */
export const demoConfig = `
regions: [us-east-1, us-west-2, eu-west-1]
plans:
  daily:
    schedule: cron(0 3 * * ? *)
    timezone: UTC
    select:
      tags: { backup: [daily] }
      regions: [us-east-1, us-west-2]
      exclude: { tags: { backup-skip: ["true"] } }
    retention: { keep-last: 2, keep-daily: 7, keep-weekly: 4, keep-monthly: 6 }
    copies:
      - region: eu-west-1
        kms-key: alias/backup
        retention: { keep-daily: 3 }
    objective: { source: 26h, copy: 30h }
    deadline: 12h
`;

export const demoService = "holdfast/demo";
export const demoHome = "us-east-1";
export const copyRegion = "eu-west-1";

/** The scheduled time of the demo's run, and when its execution begins. */
export const demoAt = "2026-11-20T03:00:00Z";
export const demoNow = "2026-11-20T03:00:04Z";
