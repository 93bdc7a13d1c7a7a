import { defineConfig } from 'vitest/config';

// Unit and case tests; what needs real hosts lives in test/lab and runs through `make test` and `make test-all`.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**', 'node_modules/**', 'dist/**'],
    testTimeout: 20_000,
    pool: 'forks',
  },
});
