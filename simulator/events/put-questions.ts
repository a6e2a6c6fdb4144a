import { arnOf, type Place, parseArn } from "../arn.ts";
import type { Question } from "../iam.ts";

interface Entry {
  readonly Source: string | undefined;
  readonly DetailType: string | undefined;
  readonly EventBusName: string | undefined;
}

/** Putting events asks on each bus, once for every source and detail-type; one refused refuses the whole call. */
export const putQuestions = (place: Place, entries: readonly Entry[]): readonly Question[] => {
  const questions = entries.map(({ Source, DetailType, EventBusName }) => ({
    resource: busArn(place, EventBusName || "default"),
    context: {
      ...(Source && { "events:source": Source }),
      ...(DetailType && { "events:detail-type": DetailType }),
    },
  }));
  return [...new Map(questions.map((question) => [JSON.stringify(question), question])).values()];
};

const busArn = (place: Place, named: string): string =>
  parseArn(named) ? named : arnOf("events", place, `event-bus/${named}`);
