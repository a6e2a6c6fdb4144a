import { events } from "./events/index.ts";
import { kms } from "./kms/index.ts";
import type { Service } from "./operation.ts";
import { rds } from "./rds/index.ts";
import { redshift } from "./redshift/index.ts";
import { states } from "./states/index.ts";
import { sts } from "./sts/index.ts";
import { tagging } from "./tagging/index.ts";

/** The services the simulator answers for, by the name in the credential scope. */
export const services: ReadonlyMap<string, Service> = new Map(
  [rds, redshift, kms, sts, events, tagging, states].map((service) => [service.signingName, service]),
);
