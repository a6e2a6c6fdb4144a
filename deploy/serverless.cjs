/** What the framework calls for `${file(deploy/serverless.cjs)}`: it cannot import TypeScript by itself. */
module.exports = async ({ options, resolveVariable }) => {
  const { packageTemplate } = await import("./variables.ts");
  return packageTemplate(resolveVariable, options.param ?? []);
};
