// Every filter, test and lookup that ansible-core 2.19 lists as its own (names.json, as its ansible-doc told them) is
// there under both of its names, with a recorded case in each typing.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filters } from '../../../engine/template/filters/index.ts';
import { lookups } from '../../../engine/template/lookups/index.ts';
import { dumpJson } from '../../../engine/template/python/json.ts';
import { tests } from '../../../engine/template/tests/index.ts';
import { readCases } from './case.ts';

const here = dirname(fileURLToPath(import.meta.url));
const names = JSON.parse(readFileSync(join(here, 'names.json'), 'utf8')) as Record<string, string[]>;
const recorded = readdirSync(join(here, 'recorded')).flatMap((file) => readCases(join(here, 'recorded', file)));

const word = (name: string) => `(?:ansible\\.builtin\\.)?${name.replace(/[=<>!]/g, '\\$&')}(?![\\w.])`;
const kinds = [
  ['filters', filters, (name: string) => new RegExp(`\\|\\s*${word(name)}|map\\('${word(name)}'`)],
  [
    'tests',
    tests,
    (name: string) => new RegExp(`\\bis (?:not )?${word(name)}|(?:select|reject)(?:attr)?\\([^)]*'${name}'`),
  ],
  ['lookups', lookups, (name: string) => new RegExp(`\\b(?:lookup|query|q)\\('${word(name)}'`)],
] as const;

for (const [kind, library, mentioned] of kinds) {
  describe(kind, () => {
    for (const name of names[kind]!) {
      test(name, () => {
        expect(library.has(name)).toBe(true);
        expect(library.has(`ansible.builtin.${name}`)).toBe(true);
        const pattern = mentioned(name);
        const cases = recorded.filter((each) => pattern.test(`${each.template}${dumpJson(each.vars)}`));
        for (const answer of ['modern_error', 'error'])
          expect(cases.filter((each) => each.answers.has(answer)).length, `cases that have ${answer}`).toBeGreaterThan(
            0,
          );
      });
    }
  });
}
