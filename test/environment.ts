/**
 * Does some work that changes this process's environment, and puts that back afterwards: name by name, since in place of the
 * object itself whatever others kept of the old one would go on as changed.
 */
export const keepingEnvironment = async (work: () => Promise<void>): Promise<void> => {
  const kept = { ...process.env };
  try {
    await work();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
    Object.assign(process.env, kept);
  }
};
