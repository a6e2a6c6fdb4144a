import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SimulatorRequest, SimulatorResponse } from "./request.ts";

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on the loopback address only; port 0 takes any free one. */
export const serve = async (
  port: number,
  answer: (request: SimulatorRequest) => SimulatorResponse,
): Promise<HttpServer> => {
  const server = createServer((message, response) => {
    readRequest(message).then(
      (request) => send(response, answer(request)),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      // SDK clients keep their sockets open; waiting for them would hang the caller for minutes.
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
};

const readRequest = async (message: IncomingMessage): Promise<SimulatorRequest> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(",") : value,
    ]),
  );
  return {
    method: message.method ?? "GET",
    target: message.url ?? "/",
    headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
};

const send = (response: ServerResponse, answer: SimulatorResponse): void => {
  if (answer.reset) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers).end(answer.body);
};
