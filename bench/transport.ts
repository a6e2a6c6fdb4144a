import { HttpResponse } from "@smithy/core/protocols";
import type { HttpRequest } from "@smithy/types";
import type { Core } from "../simulator/core.ts";
import type { LastingTime } from "./time.ts";

/** How long AWS takes to answer, in virtual milliseconds: a guess for both control planes, by kind of call. */
const latencyMs = { read: 250, write: 400 } as const;

/** In place of the SDK's sockets: each request is answered by a simulator in this process, after its latency. */
export const transportTo = ({ answer }: Pick<Core, "answer">, { pass }: Pick<LastingTime, "pass">) => ({
  handle: async (request: HttpRequest): Promise<{ response: HttpResponse }> => {
    const body = textOf(request.body ?? "");
    await pass(/Action=(Describe|List)|"ResourceARNList"/.test(body) ? latencyMs.read : latencyMs.write);
    const {
      status,
      headers,
      body: text,
    } = answer({
      method: request.method,
      target: `${request.path}${queryOf(request)}`,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body,
    });
    return { response: new HttpResponse({ statusCode: status, headers, body: Buffer.from(text) }) };
  },
});

/** JSON bodies come as bytes, forms as text. */
const textOf = (body: unknown): string =>
  typeof body === "string" ? body : new TextDecoder().decode(body as Uint8Array);

const queryOf = ({ query = {} }: HttpRequest): string => {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(`${value}`)}`);
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
};
