import { type Core, type CoreOptions, createCore } from "./core.ts";
import { serve } from "./http-server.ts";

export interface SimulatorOptions extends CoreOptions {
  /** Default: any free port. */
  readonly port?: number;
}

/** A simulated AWS that answers on a port of this machine's loopback address. */
export interface Simulator extends Core {
  /** `http://127.0.0.1:PORT`, for every service and region. */
  readonly endpoint: string;
  /** Closes its sockets at once. */
  close(): Promise<void>;
}

/**
 * Starts a simulated AWS. Callers sign as for the real one; without other accounts in the fleet,
 * access key `simulator` with secret `simulator` belongs to account 123456789012.
 */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const core = createCore(options);
  const server = await serve(options.port ?? 0, core.answer);
  return { ...core, endpoint: `http://127.0.0.1:${server.port}`, close: server.close };
};
