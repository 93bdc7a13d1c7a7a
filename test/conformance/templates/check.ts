// `npm run conformance:templates -- [--classic] FILE...`: renders cases and compares with the reference's recorded answers.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TemplateError } from '../../../engine/model/errors.ts';
import type { Position } from '../../../engine/model/position.ts';
import { OMIT, type Scope, trusted, type Value } from '../../../engine/model/value.ts';
import type { Context, Templar, TemplateSettings } from '../../../engine/template/contract.ts';
import { equals } from '../../../engine/template/python/compare.ts';
import { repr } from '../../../engine/template/python/text.ts';
import { createTemplar } from '../../../engine/template/templar.ts';
import { NO_SERVICES } from '../../template/services.ts';
import { type Case, readCases } from './case.ts';

/** What the classic era did not have yet, troupe has in both. */
const LATER = /Could not load|got an unexpected keyword argument/;

type Answer = { readonly value: Value } | { readonly error: string };

/** What is wrong with one case; empty when all is right. */
export function checkCase(wanted: Case, classic: boolean): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-case-'));
  try {
    for (const [name, content] of wanted.files) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    return classic ? checkClassic(wanted, folder) : checkModern(wanted, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkModern(wanted: Case, folder: string): string[] {
  const settings = settingsFor('modern', wanted, true);
  const faults = compare(wanted, answer(wanted, settings, folder), 'modern', 'modern_repr', 'modern_error');
  if (wanted.answers.has('modern_strict_error')) {
    const strict = answer(wanted, settingsFor('modern', wanted, false), folder);
    const fails = 'error' in strict;
    const shall = (wanted.answers.get('modern_strict_error') ?? null) !== null;
    if (fails !== shall)
      faults.push(
        shall
          ? 'under strict conditions an error was expected'
          : `under strict conditions: ${'error' in strict ? strict.error : ''}`,
      );
  }
  return faults;
}

function checkClassic(wanted: Case, folder: string): string[] {
  const settings = settingsFor('classic', wanted, true);
  const faults = compare(wanted, answer(wanted, settings, folder), 'value', 'value_repr', 'error');
  const text = wanted.answers.get('text') ?? null;
  if (text === null || wanted.mode === 'when') return faults;
  const rendered = asFile(wanted, settings, folder);
  if ('error' in rendered) faults.push(`as text: ${rendered.error}`);
  else if (rendered.value !== text)
    faults.push(`as text: expected ${JSON.stringify(text)}, got ${JSON.stringify(rendered.value)}`);
  return faults;
}

function compare(wanted: Case, got: Answer, value: string, printed: string, error: string): string[] {
  const expectedError = wanted.answers.get(error) ?? null;
  if (expectedError !== null && error === 'error' && LATER.test(String(expectedError))) return [];
  if (expectedError !== null)
    return 'error' in got ? [] : [`expected an error (${String(expectedError)}), got ${repr(got.value)}`];
  if ('error' in got)
    return [
      `expected ${String(wanted.answers.get(printed) ?? repr(wanted.answers.get(value) ?? null))}, got the error: ${got.error}`,
    ];
  const expectedPrint = wanted.answers.get(printed) ?? null;
  const print = repr(got.value);
  if (expectedPrint !== null && expectedPrint !== print) return [`expected ${String(expectedPrint)}, got ${print}`];
  const expected = wanted.answers.get(value) ?? null;
  if (expectedPrint === null && !equals(expected, got.value)) return [`expected ${repr(expected)}, got ${print}`];
  return [];
}

function settingsFor(typing: 'modern' | 'classic', wanted: Case, lenient: boolean): TemplateSettings {
  return {
    typing,
    trimBlocks: true,
    allowBrokenConditionals: lenient,
    allowEmbeddedTemplates: true,
    errorOnUndefined: true,
    extensions: wanted.extensions,
  };
}

function answer(wanted: Case, settings: TemplateSettings, folder: string): Answer {
  if (wanted.mode === 'file') return asFile(wanted, settings, folder);
  return attempt(wanted, settings, folder, (templar, context) => {
    if (wanted.mode === 'when') return templar.judge(trusted(wanted.template), context).holds;
    const value = templar.render(trusted(wanted.template), context);
    return value === OMIT ? 'omit' : value;
  });
}

function asFile(wanted: Case, settings: TemplateSettings, folder: string): Answer {
  return attempt(wanted, settings, folder, (templar, context) =>
    templar.renderFile(wanted.template, { file: join(folder, 'case.j2') }, context),
  );
}

function refuseVault(_text: string, { file }: Position): never {
  throw new TemplateError(`there is no vault secret for ${file}`);
}

function attempt(
  wanted: Case,
  settings: TemplateSettings,
  folder: string,
  render: (templar: Templar, context: Context) => Value,
): Answer {
  const scope: Scope = {
    get: (name) => (name === 'omit' ? OMIT : name === 'vars' ? wanted.vars : wanted.vars.get(name)),
    names: () => [...wanted.vars.keys()].map(String),
    written: (name) => (wanted.vars.has(name) ? [wanted.vars.get(name)!] : []),
  };
  const context: Context = {
    scope,
    searchPath: [folder],
    basedir: folder,
    services: { ...NO_SERVICES, matchHosts: () => ['localhost'], unvault: refuseVault, reveal: refuseVault },
    warn: () => undefined,
  };
  try {
    return { value: render(createTemplar(settings), context) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message };
    return {
      error: `NOT A TEMPLATE ERROR: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    };
  }
}

/** Checks files and tells what differs; true when nothing does. */
export function checkFiles(files: readonly string[], classic: boolean, tell: (line: string) => void): boolean {
  const areas = new Map<string, { passed: number; failed: number }>();
  for (const file of files) {
    for (const wanted of readCases(file)) {
      const faults = checkCase(wanted, classic);
      const counts = areas.get(wanted.area) ?? { passed: 0, failed: 0 };
      areas.set(wanted.area, counts);
      if (faults.length === 0) counts.passed++;
      else {
        counts.failed++;
        tell(`${wanted.id} (${wanted.area}): ${JSON.stringify(wanted.template)}`);
        for (const fault of faults) tell(`    ${fault}`);
      }
    }
  }
  let passed = 0;
  let failed = 0;
  tell('');
  for (const [area, counts] of [...areas].sort(([a], [b]) => (a < b ? -1 : 1))) {
    tell(`${area.padEnd(20)} ${counts.passed} passed, ${counts.failed} failed`);
    passed += counts.passed;
    failed += counts.failed;
  }
  tell(`\n${passed} passed, ${failed} failed`);
  return failed === 0;
}
