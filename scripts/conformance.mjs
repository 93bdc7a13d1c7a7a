// Checks template cases (`check`), or records the reference's answers to them (`record`), from dist/, which is built when it is
// not there or older than a source.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const [what, ...words] = process.argv.slice(2);
const program = join(top, 'dist/test/conformance/templates', what === 'record' ? 'record.js' : 'main.js');
if (!existsSync(program) || isOlder(statSync(program).mtimeMs)) {
  // What the build says goes to stderr: stdout is the answer's alone.
  const { status } = spawnSync(process.execPath, [join(top, 'scripts/build.mjs')], {
    cwd: top,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(2);
}
// npm runs scripts in the package's folder: file names are relative to where the user stands.
const from = process.env['INIT_CWD'] ?? process.cwd();
const files = words.map((word) => (word.startsWith('--') ? word : resolve(from, word)));
const { status } = spawnSync(process.execPath, [program, ...files], { stdio: 'inherit' });
process.exitCode = status ?? 2;

/** Is there a source that was changed since? */
function isOlder(built) {
  return ['engine', 'modules', 'test/conformance/templates'].some((folder) =>
    readdirSync(join(top, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .some((name) => statSync(join(top, folder, name)).mtimeMs > built),
  );
}
