import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readIni } from '../../engine/inventory/ini.ts';
import { expandLimit, matchHosts, splitPattern } from '../../engine/inventory/pattern.ts';
import { Store } from '../../engine/inventory/store.ts';
import { InventoryError } from '../../engine/model/errors.ts';

const store = new Store();
readIni('lone\n[web]\nweb1\nweb2\nweb3\n[db]\ndb1\nweb3\n[prod:children]\nweb\ndb\n[six]\nfe80::1\n', 'hosts', store);
store.reconcile();

const match = (pattern: string | string[], warned: string[] = []): string[] =>
  matchHosts(pattern, store, { warn: (message) => warned.push(message), mismatch: 'warning' });

// Patterns and hosts as `ansible PATTERN --list-hosts` gives them.
test.each([
  ['all', ['lone', 'fe80::1', 'web1', 'web2', 'web3', 'db1']],
  ['*', ['lone', 'fe80::1', 'web1', 'web2', 'web3', 'db1']],
  ['web', ['web1', 'web2', 'web3']],
  ['prod', ['web1', 'web2', 'web3', 'db1']],
  ['web:db', ['web1', 'web2', 'web3', 'db1']],
  ['db,web1', ['db1', 'web3', 'web1']],
  ['web:&db', ['web3']],
  ['web:!db', ['web1', 'web2']],
  ['!db:web', ['web1', 'web2']],
  ['!web', ['lone', 'fe80::1', 'db1']],
  ['&db', ['db1', 'web3']],
  ['web*', ['web1', 'web2', 'web3']],
  ['we[bB]2', ['web2']],
  ['*2', ['web2']],
  ['~(web|db)1', ['web1', 'db1']],
  ['~web[12]$', ['web1', 'web2']],
  ['web[0]', ['web1']],
  ['web[-1]', ['web3']],
  ['web[0:1]', ['web1', 'web2']],
  ['web[1:]', ['web2', 'web3']],
  ['web[:1]', ['web1']],
  ['web[-2:]', ['web2']],
  ['*[0]', ['lone']],
  ['~web:db', ['web1', 'web2', 'web3', 'db1']],
  ['prod[1:2]:!web3', ['web2']],
  ['fe80::1', ['fe80::1']],
  ['localhost', ['localhost']],
  ['ungrouped', ['lone']],
  ['web1:web1', ['web1']],
] as const)('%s', (pattern, hosts) => {
  const warned: string[] = [];
  expect(match(pattern, warned).sort()).toEqual([...hosts].sort());
  expect(warned).toEqual([]);
});

test('hosts come in the order of the parts', () => {
  expect(match('web2:web1')).toEqual(['web2', 'web1']);
  expect(match(['db', 'web'])).toEqual(['db1', 'web3', 'web1', 'web2']);
});

test('the old form of slices is told', () => {
  const warned: string[] = [];
  expect(match('web[0-1]', warned)).toEqual(['web1', 'web2']);
  expect(warned).toEqual(['Use [x:y] inclusive subscripts instead of [x-y] which has been removed']);
});

test('what matches nothing is told, is fatal, or is ignored', () => {
  const warned: string[] = [];
  expect(match('nope:web1:no*', warned)).toEqual(['web1']);
  expect(warned).toEqual([
    'Could not match supplied host pattern, ignoring: nope',
    'Could not match supplied host pattern, ignoring: no*',
  ]);
  const with_ = (mismatch: 'error' | 'ignore') => () =>
    matchHosts('nope', store, { warn: () => expect.unreachable(), mismatch });
  expect(with_('error')).toThrow(InventoryError);
  expect(with_('ignore')()).toEqual([]);
});

test('a regular expression that cannot be read is refused', () => {
  expect(() => match('~(')).toThrow('Invalid host list pattern');
});

test('a subscript beyond the end is refused', () => {
  expect(() => match('web[5]')).toThrow("No hosts matched the subscripted pattern 'web[5]'");
});

test.each([
  ['a,b', ['a', 'b']],
  ['a:b', ['a', 'b']],
  ['a[1:2]:b', ['a[1:2]', 'b']],
  [' a , b ', ['a', 'b']],
  ['~a[:]:b', ['~a[:]', 'b']],
  ['::1', ['::1']],
  ['', []],
] as const)('%j has the parts', (pattern, parts) => {
  expect(splitPattern(pattern)).toEqual(parts);
});

test('a limit may be a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limit-'));
  try {
    const file = join(folder, 'play.retry');
    writeFileSync(file, 'web1\n\nweb2\n');
    expect(expandLimit(`@${file},!web2`)).toEqual(['web1', 'web2', '!web2']);
    expect(() => expandLimit(`@${file}.nope`)).toThrow('Unable to find limit file');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
