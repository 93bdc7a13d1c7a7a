// One line in a text: where lineinfile puts, replaces or removes it. Pure text in, text out.

import type { Match, Pattern } from '../../engine/regex/pattern.ts';
import { pythonRegex } from './regex.ts';

export interface LineRules {
  readonly line: string | undefined;
  readonly regexp: string | undefined;
  readonly search_string: string | undefined;
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
  readonly backrefs: boolean;
  readonly firstmatch: boolean;
}

export interface Edit {
  readonly text: string;
  readonly msg: string;
  readonly found?: number;
}

/** Lines with their ends. */
export function splitKeeping(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function bare(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}

/**
 * Mirrors lineinfile's state=present: a match of regexp or search_string is replaced; without one, a line that is there
 * already is left; else it goes where insertafter or insertbefore say. Throws ModuleFailure for malformed expressions.
 */
export function putLine(text: string, rules: LineRules): Edit {
  const lines = splitKeeping(text);
  const line = rules.line ?? '';
  const hit = find(lines, rules);
  if (hit !== undefined) return replaceAt(lines, hit.at, hit.match, rules, line);
  const anchor = anchorOf(rules);
  let exactAt = -1;
  let anchorAt = -1;
  for (const [index, candidate] of lines.entries()) {
    if (bare(candidate) === line) exactAt = index;
    else if (anchor.expression?.test(candidate)) {
      anchorAt = anchor.before ? index : index + 1;
      if (rules.firstmatch) break;
    }
  }
  if (exactAt >= 0) return replaceAt(lines, exactAt, undefined, rules, line);
  if (rules.backrefs) return { text, msg: '' };
  return insert(lines, line, anchor, anchorAt);
}

/** The line that regexp or search_string find: the last, or with firstmatch the first. */
function find(lines: readonly string[], rules: LineRules): { at: number; match: Match | undefined } | undefined {
  const regexp = rules.regexp === undefined ? undefined : pythonRegex(rules.regexp);
  let hit: { at: number; match: Match | undefined } | undefined;
  for (const [at, candidate] of lines.entries()) {
    const match = regexp?.search(candidate);
    if (match === undefined && !(rules.search_string !== undefined && candidate.includes(rules.search_string)))
      continue;
    hit = { at, match };
    if (rules.firstmatch) break;
  }
  return hit;
}

interface Anchor {
  readonly expression?: Pattern | undefined;
  readonly before: boolean;
  readonly top: boolean;
}

function anchorOf({ insertafter: after, insertbefore: before }: LineRules): Anchor {
  if (after !== undefined && after !== 'EOF' && after !== 'BOF') {
    return { expression: pythonRegex(after), before: false, top: false };
  }
  if (before !== undefined && before !== 'BOF') return { expression: pythonRegex(before), before: true, top: false };
  return { before: before !== undefined, top: before === 'BOF' || after === 'BOF' };
}

function replaceAt(lines: string[], at: number, match: Match | undefined, rules: LineRules, line: string): Edit {
  const text = rules.backrefs && match !== undefined ? match.expand(line) : line;
  const fresh = text.endsWith('\n') ? text : `${text}\n`;
  return fresh === lines[at]
    ? { text: lines.join(''), msg: '' }
    : { text: lines.with(at, fresh).join(''), msg: 'line replaced' };
}

function insert(lines: string[], line: string, anchor: Anchor, anchorAt: number): Edit {
  if (anchor.top) return { text: [`${line}\n`, ...lines].join(''), msg: 'line added' };
  const whole = lines.length > 0 && !lines.at(-1)!.endsWith('\n') ? lines.with(-1, `${lines.at(-1)}\n`) : lines;
  const at = anchorAt < 0 ? whole.length : anchorAt;
  // With firstmatch the search for the line itself stops at the anchor: what follows that may be it.
  const next = whole[Math.min(at, whole.length - 1)];
  if (!anchor.before && anchorAt >= 0 && next !== undefined && bare(next) === line)
    return { text: lines.join(''), msg: '' };
  return { text: whole.toSpliced(at, 0, `${line}\n`).join(''), msg: 'line added' };
}

/** Mirrors lineinfile's state=absent. */
export function removeLines(text: string, rules: LineRules): Edit {
  const regexp = rules.regexp === undefined ? undefined : pythonRegex(rules.regexp);
  const lines = splitKeeping(text);
  const kept = lines.filter((line) => {
    if (regexp !== undefined) return !regexp.test(line);
    if (rules.search_string !== undefined) return !line.includes(rules.search_string);
    return bare(line) !== rules.line;
  });
  const found = lines.length - kept.length;
  return { text: kept.join(''), msg: found > 0 ? `${found} line(s) removed` : '', found };
}
