// lineinfile's rules against what the reference made of the same texts.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LineRules, putLine, removeLines } from '../../../modules/shared/lines.ts';

interface Recorded {
  readonly text: string;
  readonly args: Partial<LineRules> & { readonly state?: string };
  readonly result: string;
  readonly changed: boolean;
  readonly msg: string;
}

const recorded = JSON.parse(
  readFileSync(new URL('lineinfile.recorded.json', import.meta.url), 'utf8'),
) as readonly Recorded[];

describe('lineinfile as the reference does it', () => {
  it.each(recorded.map((each) => [JSON.stringify(each.text), JSON.stringify(each.args), each] as const))(
    '%s with %s',
    (_, __, { text, args, result, changed, msg }) => {
      const rules = { backrefs: false, firstmatch: false, line: undefined, ...args } as LineRules;
      const edit = args.state === 'absent' ? removeLines(text, rules) : putLine(text, rules);
      expect({ text: edit.text, changed: edit.text !== text, msg: edit.msg }).toEqual({ text: result, changed, msg });
    },
  );
});
