import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/**
 * The endpoint of a server that answers HTTP 200 with what the function makes of a request's body, until the
 * test is over: for answers that no AWS in its right mind gives, and so the simulator neither.
 */
export const serveAnswers = async (answer: (body: string) => string | Promise<string>): Promise<string> => {
  const server = createServer((message, response) => {
    void message.toArray().then(async (parts) => response.end(await answer(parts.join(""))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    // The SDK's clients keep their sockets open.
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
