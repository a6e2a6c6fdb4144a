import { defineOperation } from "../operation.ts";
import { required, text } from "../protocol/shape.ts";
import { findExecution, questionsOn } from "./lookup.ts";

export const operation = defineOperation({
  name: "StopExecution",
  input: { executionArn: required(text), error: text, cause: text },
  permissions: ({ executionArn }) => questionsOn(executionArn),
  run: ({ executionArn, error, cause }, call) => {
    const execution = findExecution(call, executionArn);
    // What is answered for one that has ended is not documented, and no error is listed for it.
    execution.end ??= { status: "ABORTED", at: call.now, error, cause };
    return { stopDate: execution.end.at };
  },
});
