// The generator of modules: what it writes is a module whose own cases pass.

import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { AnyModule } from '../../engine/module/registry.ts';
import { casesOf, play } from './cases.ts';

const script = fileURLToPath(new URL('../../scripts/new-module.mjs', import.meta.url));
const name = `generated_${process.pid}`;
const files = [`../../modules/${name}.ts`, `../cases/${name}.yml`].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
afterEach(() => {
  for (const file of files) rmSync(file, { force: true });
});

describe('new-module', () => {
  it('writes a module that passes the cases beside it', async () => {
    execFileSync(process.execPath, [script, name]);
    const { default: module } = (await import(/* @vite-ignore */ files[0]!)) as { default: AnyModule };
    expect(module.doc.collection).toBe('troupe.builtin');
    const [marks, content] = casesOf(name);
    expect(play(module, marks!).plan.actions).toMatchObject([{ step: { put: '/etc/marker' } }]);
    expect(play(module, content!).plan.actions).toEqual([]);
    const again = spawnSync(process.execPath, [script, name], { encoding: 'utf8' });
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('is there already') });
  });
  it.each([['Bad-Name'], [''], ['x', 'nocollection']])('refuses %j', (...words) => {
    expect(spawnSync(process.execPath, [script, ...words]).status).toBe(2);
  });
});
