// Modes in every notation; the symbolic ones against what the reference makes of them.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Float } from '../../../engine/model/value.ts';
import { modeBits, modeText } from '../../../modules/shared/mode.ts';

const recorded = JSON.parse(readFileSync(new URL('mode.recorded.json', import.meta.url), 'utf8')) as readonly {
  readonly mode: string;
  readonly rows: readonly (readonly [boolean, string, string])[];
}[];

describe('symbolic modes as the reference reads them', () => {
  it.each(recorded.map(({ mode, rows }) => [mode, rows] as const))('%s', (mode, rows) => {
    for (const [directory, base, result] of rows) {
      const made = modeBits(mode, { bits: Number.parseInt(base, 8), directory }).toString(8);
      expect(`${directory ? 'd' : 'f'} ${base} -> ${made}`).toBe(`${directory ? 'd' : 'f'} ${base} -> ${result}`);
    }
  });
});

describe('octal modes', () => {
  it.each([
    ['0644', '0644'],
    ['644', '0644'],
    ['0o755', '0755'],
    ['4755', '04755'],
    ['0', '0000'],
    [0o640, '0640'],
    ['104755', '04755'],
    ['', '0777'],
  ] as const)('%s', (mode, text) => {
    expect(modeText(modeBits(mode, { bits: 0o777, directory: false }))).toBe(text);
  });
  it.each(['u=zz', 'rw', '9', 'u+rw;x', '08', [1], new Float(493)])('refuses %j', (mode) => {
    expect(() => modeBits(mode, { bits: 0, directory: false })).toThrow('mode must be in octal or symbolic form');
  });
});
