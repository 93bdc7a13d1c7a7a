// Every recorded case, in both typings: what a template means is what the reference was seen to answer.

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCases } from './case.ts';
import { checkCase } from './check.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'recorded');

for (const name of readdirSync(folder).sort()) {
  const cases = readCases(join(folder, name));
  for (const [typing, classic, answered] of [
    ['modern', false, 'modern_error'],
    ['classic', true, 'error'],
  ] as const) {
    describe(`${name}, ${typing} typing`, () => {
      for (const each of cases) {
        test(`${each.id}: ${each.template}`, () => {
          expect(each.answers.has(answered), 'the case is recorded').toBe(true);
          expect(checkCase(each, classic)).toEqual([]);
        });
      }
    });
  }
}
