import { spawn } from "node:child_process";
import { startSimulator } from "../simulator/simulator.ts";
import { fleetOf } from "./fleet.ts";
import type { Calls } from "./floor.ts";
import { home, type Scenario } from "./scenario.ts";

/** What some other program did with the same fleet. */
export interface PeerRun {
  readonly command: string;
  readonly exitStatus: number | null;
  readonly calls: Calls;
  readonly virtualSeconds: number;
}

export interface PeerOptions {
  readonly command: string;
  /** Virtual seconds for each second of the wall: a peer's own polls sleep by the wall's clock. */
  readonly speed: number;
}

/**
 * Runs a program against a simulator that holds the fleet, and counts what it calls. It is started in a shell, with
 * AWS_ENDPOINT_URL, keys and the home region in its environment, and is over when its process is.
 */
export const runPeer = async (scenario: Scenario, { command, speed }: PeerOptions): Promise<PeerRun> => {
  const simulator = await startSimulator({ fleet: fleetOf(scenario) });
  const began = simulator.clock.now().getTime();
  let last = performance.now();
  const ticking = setInterval(() => {
    const now = performance.now();
    simulator.clock.advance(((now - last) / 1000) * speed);
    last = now;
  }, 100);
  try {
    const exitStatus = await finished(command, simulator.endpoint);
    const virtualSeconds = (simulator.clock.now().getTime() - began) / 1000;
    return { command, exitStatus, calls: simulator.calls.byOperation(), virtualSeconds };
  } finally {
    clearInterval(ticking);
    await simulator.close();
  }
};

const finished = (command: string, endpoint: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    // A profile would count for more than the keys, and a token belongs to others.
    const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...env } = process.env;
    const child = spawn(command, {
      shell: true,
      // What it says is progress; standard output is the bench's.
      stdio: ["ignore", 2, 2],
      env: {
        ...env,
        ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: home, AWS_DEFAULT_REGION: home },
        ...{ AWS_ACCESS_KEY_ID: "simulator", AWS_SECRET_ACCESS_KEY: "simulator" },
      },
    });
    child.once("error", reject);
    child.once("close", resolve);
  });
