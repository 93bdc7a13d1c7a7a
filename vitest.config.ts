import { defineConfig } from 'vitest/config';

const all = process.env['TROUPE_ALL'] === '1';

// Unit and case tests. What needs real hosts lives in test/lab; the long suites (connections under every shell and sshd, all
// playbooks against the reference's answers) run with `make test-all`.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/lab/**',
      'node_modules/**',
      'dist/**',
      ...(all ? [] : ['test/connection/shells.test.ts', 'test/connection/ssh.test.ts', 'test/conformance/*.test.ts']),
    ],
    testTimeout: 60_000,
    pool: 'forks',
  },
});
