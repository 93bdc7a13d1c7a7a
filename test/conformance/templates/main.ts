// The command `npm run conformance:templates`.

import { checkFiles } from './check.ts';

const words = process.argv.slice(2);
const files = words.filter((word) => !word.startsWith('--'));
const unknown = words.filter((word) => word.startsWith('--') && word !== '--classic');
if (files.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `unknown option ${unknown.join(' ')}\n` : ''}usage: npm run conformance:templates -- [--classic] FILE...`,
  );
  process.exitCode = 2;
} else {
  try {
    process.exitCode = checkFiles(files, words.includes('--classic'), (line) => console.log(line)) ? 0 : 1;
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}
