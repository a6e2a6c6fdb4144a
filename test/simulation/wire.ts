import type { HttpRequest } from "@smithy/types";
import type { FaultKind } from "../../simulator/faults.ts";
import type { SimulatorRequest, SimulatorResponse } from "../../simulator/request.ts";

/** What befalls one request on its way. */
export interface Passage {
  /** Milliseconds until AWS acts on it. */
  readonly outMs: number;
  /** Milliseconds until its answer is back. */
  readonly backMs: number;
  /** What AWS answers in place of what was asked for. */
  readonly fault?: FaultKind;
}

export interface Wire {
  /** Throws in the place of a caller that has died: nothing of it reaches AWS any more. */
  depart(request: SimulatorRequest): Promise<Passage>;
  /** AWS acts; the answer is what the caller would get. */
  answer(request: SimulatorRequest, passage: Passage): SimulatorResponse;
  /** Never settles where the caller has died meanwhile. `lost` says that the caller hears nothing. */
  arrive(request: SimulatorRequest, lost: boolean): Promise<void>;
}

/** As lib/runtime/clients.ts has it for sockets. */
const requestTimeoutMs = 20_000;

/** Whether the caller still waits when the answer is there. */
export const isInTime = ({ outMs, backMs }: Passage): boolean => outMs + backMs < requestTimeoutMs;

/**
 * An SDK request handler without sockets: requests are answered inside the process, after as much virtual time as
 * the wire says. A connection that is dropped and an answer that is late fail as Node's own handler does.
 */
export const inProcessHandler = (wire: Wire) => ({
  metadata: { handlerProtocol: "http/1.1" },
  handle: async (sent: HttpRequest) => {
    const request = asSimulatorRequest(sent);
    const passage = await wire.depart(request);
    const answered = act(request, passage, wire);
    if (!isInTime(passage)) {
      // AWS acts all the same, whenever the request reaches it.
      void answered;
      await pause(requestTimeoutMs);
      await wire.arrive(request, true);
      throw Object.assign(new Error(`no answer within ${requestTimeoutMs} ms`), { name: "TimeoutError" });
    }
    const answer = await answered;
    await wire.arrive(request, answer.reset === true);
    if (answer.reset) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    return { response: asHttpResponse(answer) };
  },
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
  destroy: () => undefined,
});

const act = async (request: SimulatorRequest, passage: Passage, wire: Wire): Promise<SimulatorResponse> => {
  const { outMs, backMs } = passage;
  await pause(outMs);
  const answer = wire.answer(request, passage);
  if (backMs > 0) await pause(backMs);
  return answer;
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const asSimulatorRequest = ({ method, path, query, headers, body }: HttpRequest): SimulatorRequest => {
  const pairs = Object.entries(query ?? {}).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
  );
  return {
    method,
    target: pairs.length === 0 ? path : `${path}?${pairs.join("&")}`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: typeof body === "string" ? body : textOf(body as Uint8Array | undefined),
  };
};

const textOf = (bytes: Uint8Array | undefined): string =>
  bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8") : "";

const asHttpResponse = ({ status, headers, body }: SimulatorResponse) => ({
  statusCode: status,
  headers: { ...headers },
  body: Buffer.from(body),
});
