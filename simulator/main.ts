import { readFileSync } from "node:fs";
import { type Arguments, Refusal, readArguments, usage } from "./arguments.ts";
import { type Fleet, readFleet } from "./fleet.ts";
import { greeting, greetingJson } from "./greeting.ts";
import { type Simulator, startSimulator } from "./simulator.ts";

/** Serves a fleet until it is told to stop: `node simulator/main.ts --help`. */
const main = async (): Promise<void> => {
  const asked = readArguments(process.argv.slice(2));
  if (asked === "help") {
    console.log(usage);
    return;
  }
  const simulator = await start(asked, asked.fleet === undefined ? {} : wholeFleet(asked.fleet));
  runClock(simulator, asked.speed);
  const greet = asked.json ? greetingJson : greeting;
  console.log(greet({ simulator, fleet: asked.fleet, speed: asked.speed }));
};

const wholeFleet = (path: string): Fleet => {
  const fleet = fleetIn(path);
  if (Object.keys(fleet).length > 0) return fleet;
  throw new Refusal(`${path} holds nothing; leave --fleet out for an empty account`, 2);
};

const fleetIn = (path: string): Fleet => {
  try {
    return readFleet(readFileSync(path, "utf8"), path);
  } catch (error) {
    throw fleetRefusal(path, error as NodeJS.ErrnoException & { linePos?: { line: number; col: number }[] });
  }
};

const seeExample = "see simulator/example-fleet.yaml for what a fleet file holds";

const fleetRefusal = (
  path: string,
  error: NodeJS.ErrnoException & { linePos?: { line: number; col: number }[] },
): Refusal => {
  if (error.code === "ENOENT") return new Refusal(`there is no file ${path}; give another with --fleet`, 1);
  if (error.syscall)
    return new Refusal(`${path} cannot be read (${error.code}); give another with --fleet`, 1);
  // The parser's message goes on with a picture of the place.
  const [problem = ""] = error.linePos ? error.message.split(/ at line \d+/) : [error.message];
  const { line, col } = error.linePos?.[0] ?? {};
  const place = error.linePos ? `${path}, line ${line}, column ${col}: ` : "";
  return new Refusal(`${place}${problem}; ${seeExample}`, 1);
};

const start = async ({ port, fleet: path }: Arguments, fleet: Fleet): Promise<Simulator> => {
  try {
    // Whoever watches a simulator run expects it to live in the present, unless the fleet says otherwise.
    return await startSimulator({ port, fleet, now: fleet.now ?? new Date().toISOString() });
  } catch (error) {
    const { code, message, name } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new Refusal(`port ${port} is in use; give another with --port`, 1);
    }
    if (code === "EACCES") {
      throw new Refusal(`port ${port} needs more rights; give one above 1023 with --port`, 1);
    }
    // What a fleet says can also be wrong in itself: a key that is not defined, a time that is none.
    if (name === "RangeError") throw new Refusal(`${path}: now: ${message}`, 1);
    if (message.startsWith("fleet: ")) throw new Refusal(message.replace("fleet", path ?? "fleet"), 1);
    throw error;
  }
};

const tickMilliseconds = 100;

const runClock = ({ clock }: Simulator, speed: number): void => {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    clock.advance(((now - last) / 1000) * speed);
    last = now;
  }, tickMilliseconds);
};

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(0));

try {
  await main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`simulator: ${error.message.replaceAll("\n", "\nsimulator: ")}`);
  process.exit(error.exitCode);
}
