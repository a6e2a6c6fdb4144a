import type { ExecutionState, Executions } from "../lib/engines/executions.ts";
import { MissingError, mayPass } from "../lib/errors.ts";

export interface Following {
  readonly executions: Executions;
  readonly arn: string;
  /** How far the run is, in words: asked for at each look on a terminal. */
  readonly progress: () => Promise<string>;
  readonly stream?: Pick<NodeJS.WriteStream, "isTTY" | "write">;
  readonly patience?: Patience;
}

export interface Patience {
  /** Between looks at what takes minutes or hours: the first comes soon, in case it fails at once. */
  readonly lookSecondsMax: number;
  /** So many looks in a row may be left without an answer. */
  readonly unansweredMax: number;
}

/**
 * Five minutes and more: behind each look are the SDK's own attempts. Counted in looks, since a computer that slept for
 * hours has asked nobody meanwhile.
 */
const patient: Patience = { lookSecondsMax: 10, unansweredMax: 30 };

/**
 * Waits for an execution's end, and bears with an AWS that does not answer; on a terminal a line shows how far the run
 * is. Fails with AWS's words where it refuses to tell, or tells nothing for some minutes: the execution goes on.
 */
export const follow = async ({
  executions,
  arn,
  progress,
  stream = process.stderr,
  patience = patient,
}: Following): Promise<ExecutionState> => {
  const show = (words: string): void => {
    if (stream.isTTY) stream.write(words);
  };
  let [answered, unanswered] = [false, 0];
  for (let looks = 1; ; looks += 1) {
    const look = await lookAt(executions, arn);
    if ("state" in look) {
      [answered, unanswered] = [true, 0];
      if (stream.isTTY) show(`\r\u001b[K${look.state.status}  ${await progress()}`);
      if (look.state.status !== "RUNNING") {
        show("\n");
        return look.state;
      }
    } else {
      unanswered += 1;
      show(`\r\u001b[Kno answer  ${(look.error as Error).message}`);
      if (unanswered > patience.unansweredMax || !isBorne(look.error, answered)) {
        show("\n");
        throw look.error;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(looks, patience.lookSecondsMax) * 1000));
  }
};

const lookAt = async (
  executions: Executions,
  arn: string,
): Promise<{ readonly state: ExecutionState } | { readonly error: unknown }> => {
  try {
    return { state: await executions.look(arn) };
  } catch (error) {
    return { error };
  }
};

/** DescribeExecution is eventually consistent: it may not know at first what StartExecution has told. */
const isBorne = (error: unknown, answered: boolean): boolean =>
  mayPass(error) || (error instanceof MissingError && !answered);
