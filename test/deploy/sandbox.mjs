// One sandbox of one function, as Lambda keeps it: the built module is loaded once, and events come one by one.
const { handler } = await import(process.argv[2]);
const context = (id) => ({
  awsRequestId: `request-${id}`,
  functionName: process.argv[3],
  getRemainingTimeInMillis: () => 60_000,
});

process.on("message", async ({ id, event }) => {
  try {
    process.send({ id, value: (await handler(event, context(id))) ?? null });
  } catch (error) {
    process.send({ id, error: { name: error.name, message: error.message } });
  }
});
process.send({ ready: true });
