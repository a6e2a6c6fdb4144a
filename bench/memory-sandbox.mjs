// One call of a packaged function, and what its process came to.
import { createRequire } from "node:module";

process.once("message", async (event) => {
  const context = { awsRequestId: "bench", functionName: "bench", getRemainingTimeInMillis: () => 900_000 };
  try {
    const { handler } = createRequire(import.meta.url)(process.argv[2]);
    const result = (await handler(event, context)) ?? null;
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.send({ megabytes: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, result });
  } catch (error) {
    process.send({ error: `${error.name}: ${error.message}` });
  }
  process.disconnect();
});
