// ansible.utils' resolvable: does a host name, or the name of an address, resolve? Templates are evaluated
// synchronously, so that the resolver is asked by a node process of its own that is waited for.

import { spawnSync } from 'node:child_process';
import { Fault } from '../fault.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type TestTable, test } from './define.ts';

/** Longest wait for an answer, in seconds. */
const PATIENCE = 60;

const PROGRAM = `
const { lookup, lookupService } = require('dns/promises');
const { isIP } = require('net');
const host = require('fs').readFileSync(0, 'utf8');
const asked = isIP(host)
  ? lookupService(host, 0).then(({ hostname }) => hostname !== host)
  : lookup(host, { family: 4 }).then(() => true);
asked.catch(() => false).then((resolves) => process.stdout.write(String(resolves)));
`;

function resolves(host: string): boolean {
  if (host === '') return false;
  const run = spawnSync(process.execPath, ['-e', PROGRAM], { input: host, encoding: 'utf8', timeout: PATIENCE * 1000 });
  if (run.stdout !== 'true' && run.stdout !== 'false')
    throw new Fault('OSError', `no resolver could be asked for ${host}: ${run.error?.message ?? 'no answer'}`);
  return run.stdout === 'true';
}

export const resolverTests: TestTable = test('resolvable', [], (input) => {
  if (!isText(input)) throw new Fault('TypeError', `a host must be text, not ${typeName(input)}`);
  return resolves(str(input));
});
