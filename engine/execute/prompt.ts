// vars_prompt: what a play asks of the user before it begins.

import { PlaybookError } from '../model/errors.ts';
import type { Play } from '../model/playbook.ts';
import { type Dict, isDict, toJson, type Value } from '../model/value.ts';
import { toBool, toText } from '../module/schema.ts';
import { playContext } from './context.ts';
import type { Stage } from './task.ts';

/** vars_prompt: asked once a play, unless extra variables answer. */
export async function ask(stage: Stage, play: Play): Promise<Dict> {
  const answers: Dict = new Map();
  const raw = play.directives['varsPrompt'];
  if (raw === undefined || !Array.isArray(raw.value)) return answers;
  const context = playContext(stage.engine, play, 'localhost');
  for (const entry of raw.value) {
    if (!isDict(entry))
      throw new PlaybookError('each entry of vars_prompt is a dictionary with a name', { position: raw.position });
    const name = toText(toJson(entry.get('name') ?? null));
    if (name === '') throw new PlaybookError('an entry of vars_prompt has no name', { position: raw.position });
    if (context.scope.get(name) !== undefined) continue;
    answers.set(name, await answer(stage, entry, name, (value) => stage.engine.templar.render(value, context)));
  }
  return answers;
}

async function answer(stage: Stage, entry: Dict, name: string, render: (value: Value) => Value): Promise<Value> {
  const flag = (key: string, usual: boolean): boolean => toBool(toJson(entry.get(key) ?? usual)) ?? usual;
  for (const key of ['encrypt', 'salt', 'salt_size']) {
    if (entry.has(key) && entry.get(key) !== null)
      throw new PlaybookError(`vars_prompt: '${key}' is not supported`, {
        hint: 'use the password_hash filter on the answer',
      });
  }
  const usual = entry.get('default');
  const initial = usual === undefined || usual === null ? undefined : toText(toJson(render(usual)));
  const prompt = `${toText(toJson(render(entry.get('prompt') ?? name)))}${initial === undefined ? '' : ` [${initial}]`}: `;
  const secret = flag('private', true);
  for (;;) {
    const text = await stage.engine.prompt(prompt, { echo: !secret });
    const value = text === undefined || text === '' ? (initial ?? '') : text;
    if (secret && value !== '') stage.engine.hide(value);
    if (!flag('confirm', false) || text === undefined) return value;
    if ((await stage.engine.prompt(`confirm ${prompt}`, { echo: !secret })) === text) return value;
  }
}
