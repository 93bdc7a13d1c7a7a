import { expect, test } from 'vitest';
import { expandHosts } from '../../engine/inventory/range.ts';
import { InventoryError } from '../../engine/model/errors.ts';

test.each([
  ['h', ['h'], undefined],
  ['h:22', ['h'], 22],
  ['web[01:03]', ['web01', 'web02', 'web03'], undefined],
  ['web[a:c].ex', ['weba.ex', 'webb.ex', 'webc.ex'], undefined],
  ['db[1:10:3]x', ['db1x', 'db4x', 'db7x', 'db10x'], undefined],
  ['db[:2]', ['db0', 'db1', 'db2'], undefined],
  ['r[1:2]-[a:b]', ['r1-a', 'r1-b', 'r2-a', 'r2-b'], undefined],
  ['h[1:2]:2222', ['h1', 'h2'], 2222],
  ['h[3:1]', [], undefined],
  ['::1', ['::1'], undefined],
  ['[fe80::1]:22', ['fe80::1'], 22],
  ['1.2.3.4:99', ['1.2.3.4'], 99],
  ['h:x', ['h:x'], undefined],
] as const)('%s', (entry, names, port) => {
  expect(expandHosts(entry)).toEqual({ names, port });
});

test.each(['h:', 'h[a:5]', 'h[001:10]', 'h[1:'])('%s is refused', (entry) => {
  expect(() => expandHosts(entry)).toThrow(InventoryError);
});
