// Secrets never leave: whatever field they are in, however the output that holds them is cut.

import { describe, expect, it } from 'vitest';
import type { Event } from '../../engine/model/event.ts';
import { Redactor, STARS } from '../../engine/report/redact.ts';
import { finished, outcome, task } from './recorded-run.ts';

const SECRET = 'Zq7!secret"word';

function redactor(...secrets: readonly string[]): Redactor {
  const made = new Redactor();
  for (const secret of secrets) made.add(secret);
  return made;
}

describe('text', () => {
  it.each([
    ['in the middle', `a ${SECRET} b`, `a ${STARS} b`],
    ['as JSON', JSON.stringify({ p: SECRET }), `{"p":"${STARS}"}`],
    ['nothing to hide', 'plain', 'plain'],
  ])('%s', (_name, text, shown) => expect(redactor(SECRET).text(text)).toBe(shown));

  it('prefers the longest of secrets that overlap', () => {
    expect(redactor('pass', 'password').text('password pass')).toBe(`${STARS} ${STARS}`);
  });

  it('hides a very short secret only where it is the whole text', () => {
    expect(redactor('x').text('x')).toBe(STARS);
    expect(redactor('x').text('axe')).toBe('axe');
    expect(redactor('').text('')).toBe('');
  });

  it('hides numbers that are a secret, and keys', () => {
    expect(redactor('123456').json({ a: 123456, b: 12, '123456': 'k' })).toEqual({ a: STARS, b: 12, [STARS]: 'k' });
  });
});

describe('output in chunks', () => {
  const at = task('run', 1);
  const chunk = (text: string): Event => ({ kind: 'output', task: at, host: 'web', stream: 'out', text });
  const end = finished(outcome(at, { status: 'ok' }, {}));

  function shown(secrets: readonly string[], chunks: readonly string[]): string {
    const made = redactor(...secrets);
    const events = [...chunks.map(chunk), end].flatMap((event) => made.events(event));
    return events.map((event) => (event.kind === 'output' ? event.text : '')).join('');
  }

  it('hides a secret at every place where it can be cut', () => {
    const text = `before ${SECRET} after`;
    for (let cut = 0; cut <= text.length; cut++)
      for (let next = cut; next <= text.length; next += 3)
        expect(shown([SECRET], [text.slice(0, cut), text.slice(cut, next), text.slice(next)])).toBe(
          `before ${STARS} after`,
        );
  });

  it('gives back what only looked like a beginning', () => {
    expect(shown(['secret'], ['a sec', 'ond'])).toBe('a second');
    expect(shown(['secret'], ['a secre'])).toBe('a secre');
    expect(shown(['abab'], ['xabab', 'ab'])).toBe(`x${STARS}ab`);
  });
});

describe('events', () => {
  it('hides it wherever a result can carry it, and leaves what is ours', () => {
    const at = task(`use ${SECRET}`, 1, { action: 'command', args: { password: SECRET } });
    const registered = { changed: true, cmd: ['mysql', `-p${SECRET}`], nested: [{ deep: SECRET }], failed: true };
    const failure = { message: `denied: ${SECRET}`, hint: `not ${SECRET}` };
    const event = finished(
      outcome(
        at,
        { status: 'failed', failure, diffs: [{ before: SECRET, after: '' }], warnings: [SECRET] },
        registered,
      ),
    );
    const made = redactor(SECRET, 'failed', 'changed');
    const [clean] = made.events(event);
    expect(JSON.stringify(clean)).not.toContain('Zq7');
    expect(clean).toMatchObject({
      kind: 'host-finished',
      outcome: { host: 'web', registered: { changed: true }, result: { status: 'failed' } },
    });
  });

  it.each<readonly [string, Event]>([
    ['warned', { kind: 'warned', message: SECRET }],
    ['noted', { kind: 'noted', level: 1, message: SECRET }],
    ['stats-set', { kind: 'stats-set', host: undefined, data: { s: SECRET } }],
    ['retrying', { kind: 'retrying', task: task('t', 1), host: 'web', retriesLeft: 1, result: { stdout: SECRET } }],
    ['included', { kind: 'included', task: task('t', 1), file: '/f', hosts: ['web'], label: SECRET }],
  ])('%s', (_name, event) => expect(JSON.stringify(redactor(SECRET).events(event))).not.toContain('Zq7'));
});
