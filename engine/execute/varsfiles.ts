// vars_files of a play: each entry a file, or a list of which the first that is there counts.

import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { PlaybookError, TemplateError } from '../model/errors.ts';
import type { Play } from '../model/playbook.ts';
import { type Dict, isDict, toJson, type Value } from '../model/value.ts';
import { toText } from '../module/schema.ts';
import { playContext } from './context.ts';
import type { Engine } from './engine.ts';

/** Reads the files as the host sees their names. Throws PlaybookError where none of an entry's files is there. */
export async function readVarsFiles(engine: Engine, play: Play, host: string, playbookDir: string): Promise<Dict[]> {
  const raw = play.directives['varsFiles'];
  if (raw === undefined || raw.value === null) return [];
  const context = playContext(engine, play, host);
  const read: Dict[] = [];
  for (const entry of Array.isArray(raw.value) ? raw.value : [raw.value]) {
    const names: string[] = [];
    for (const name of Array.isArray(entry) ? entry : [entry]) {
      try {
        names.push(toText(toJson(engine.templar.render(name, context))));
      } catch (error) {
        // A name that hangs on facts not gathered yet counts as not there, if there is another.
        if (!(error instanceof TemplateError) || !Array.isArray(entry)) throw error;
      }
    }
    const places = names.flatMap((name) =>
      isAbsolute(name) ? [name] : [join(playbookDir, 'vars', name), join(playbookDir, name)],
    );
    const file = places.find((place) => existsSync(place));
    if (file === undefined) {
      throw new PlaybookError(`vars file ${names.join(', ')} was not found`, {
        position: raw.position,
        hint: `searched: ${places.join(', ')}`,
        exitCode: 1,
      });
    }
    read.push(dictOf(await engine.readVarsFile(file), file));
  }
  return read;
}

function dictOf(value: Value, file: string): Dict {
  if (value === null) return new Map();
  if (isDict(value)) return value;
  throw new PlaybookError(`${file} must be stored as a dictionary/hash`, { position: { file, line: 1, column: 1 } });
}
