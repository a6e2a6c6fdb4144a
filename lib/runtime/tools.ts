import type { Engines, EventBus, Keys } from "../engines/engine.ts";
import { eventBridge } from "../engines/event-bus.ts";
import { kmsKeys } from "../engines/keys.ts";
import { rdsFamily } from "../engines/rds-family.ts";
import { redshift } from "../engines/redshift.ts";
import type { Tools } from "../steps/context.ts";
import { type ClientOptions, engineClients, eventClients, keyClients } from "./clients.ts";

/** What tools are made of. */
export interface Making {
  /** The region that the service is deployed in: its events go to the bus there. */
  readonly home: string;
  readonly clients?: ClientOptions;
}

/** A tool's maker, apart from the others: a bundler leaves out those that a function does not name. */
export type ToolMakers = { readonly [Name in keyof Tools]: (making: Making) => Tools[Name] };

export const engines = ({ clients }: Making): Engines => {
  const made = engineClients(clients);
  return { rds: rdsFamily(made), redshift: redshift(made) };
};

export const keys = ({ clients }: Making): Keys => kmsKeys(keyClients(clients));

export const events = ({ home, clients }: Making): EventBus => eventBridge(eventClients(home, clients), home);
