import type { Simulator } from "../../simulator/simulator.ts";
import { clientOf, commandOf, type ServiceName } from "./model.ts";

/** One request and its answer as it travelled. */
export interface Exchange {
  readonly service: ServiceName;
  readonly operation: string;
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly body: string;
  /** What the SDK made of an answer that is an error. */
  readonly error?: { readonly name: string; readonly message: string };
}

export interface Outcome extends Exchange {
  /** The answer as the SDK read it. */
  readonly output: Record<string, unknown>;
}

interface Sent {
  readonly status: number;
  readonly contentType: string;
  readonly requestId: string;
  readonly body: string;
}

interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string | undefined>;
  body: unknown;
}

type Next = (args: unknown) => Promise<{ response: HttpResponse }>;

export interface CallOptions {
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Wire {
  readonly exchanges: readonly Exchange[];
  /** Sends a request with the SDK and notes the answer; an error of the service is a result, not a throw. */
  call(service: ServiceName, operation: string, input: object, options?: CallOptions): Promise<Outcome>;
  /** The same, and throws unless the answer is 200. */
  ask(
    service: ServiceName,
    operation: string,
    input: object,
    options?: CallOptions,
  ): Promise<Record<string, unknown>>;
  /** Notes an answer that was fetched without the SDK. */
  note(of: { service: ServiceName; operation: string }, response: Response): Promise<Exchange>;
}

const own = { accessKeyId: "simulator", secretAccessKey: "simulator" };

export const createWire = ({ endpoint }: Simulator): Wire => {
  const exchanges: Exchange[] = [];

  const call: Wire["call"] = async (
    service,
    operation,
    input,
    { region = "us-east-1", credentials = own } = {},
  ) => {
    // A copy, because the SDK leaves marks on the credentials that it is given.
    const client = clientOf(service, { region, endpoint, credentials: { ...credentials }, maxAttempts: 1 });
    let sent: Sent | undefined;
    client.middlewareStack.add(
      captureInto((captured) => {
        sent = captured;
      }),
      { step: "deserialize", priority: "low", name: "captureBody" },
    );
    const reading = await client.send(commandOf(service, operation, input)).then(
      (output) => ({ output }),
      (error: Error) => ({ output: {}, error: { name: error.name, message: error.message } }),
    );
    if (!sent) throw new Error(`${operation} was never sent: ${JSON.stringify(reading)}`);
    const outcome = { service, operation, ...sent, ...reading };
    exchanges.push(outcome);
    return outcome;
  };

  return {
    exchanges,
    call,
    ask: async (service, operation, input, options) => {
      const { status, output, body } = await call(service, operation, input, options);
      if (status !== 200) throw new Error(`${operation} ${JSON.stringify(input)}: ${status} ${body}`);
      return output;
    },
    note: async (of, response) => {
      const exchange = {
        ...of,
        status: response.status,
        contentType: response.headers.get("content-type") ?? "",
        requestId: response.headers.get("x-amzn-requestid") ?? "",
        body: await response.text(),
      };
      exchanges.push(exchange);
      return exchange;
    },
  };
};

// Sits inside the deserializer, which consumes the body; so the body is read here and put back as bytes.
const captureInto = (keep: (sent: Sent) => void) => (next: Next) => async (args: unknown) => {
  const result = await next(args);
  const { response } = result;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  response.body = new Uint8Array(bytes);
  keep({
    status: response.statusCode,
    contentType: response.headers["content-type"] ?? "",
    requestId: response.headers["x-amzn-requestid"] ?? "",
    body: bytes.toString("utf8"),
  });
  return result;
};
