import type { AwsError } from "./errors.ts";
import { escapeText, xmlMembers } from "./xml.ts";

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The error's code as it travels; the protocols name some errors differently. */
  readonly code?: string;
}

interface Envelope {
  readonly namespace: string;
  readonly operation: string;
  readonly requestId: string;
}

/**
 * Wraps an operation's result. `undefined` means an operation without a result element,
 * such as AddTagsToResource.
 */
export const queryAnswer = (
  output: object | undefined,
  { namespace, operation, requestId }: Envelope,
): Answer => {
  const result = output === undefined ? "" : `<${operation}Result>${xmlMembers(output)}</${operation}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xmlAnswer(
    200,
    `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`,
  );
};

export const queryError = (
  error: AwsError,
  { namespace, requestId }: Omit<Envelope, "operation">,
): Answer => {
  const type = error.status < 500 ? "Sender" : "Receiver";
  const members = `<Type>${type}</Type><Code>${escapeText(error.code)}</Code><Message>${escapeText(error.message)}</Message>`;
  const envelope = `<ErrorResponse xmlns="${namespace}"><Error>${members}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { ...xmlAnswer(error.status, envelope), code: error.code };
};

const xmlAnswer = (status: number, body: string): Answer => ({ status, contentType: "text/xml", body });
