import { defineConfig } from 'vitest/config';

// Tests on real hosts: they share the machine, so one file runs after another, and a build of the base may take minutes.
export default defineConfig({
  test: {
    include: ['test/lab/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
    pool: 'forks',
  },
});
