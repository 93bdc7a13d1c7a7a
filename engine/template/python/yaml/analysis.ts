// What a text allows: whether it may be written plain, in quotes, or as a block. The rules are those of libyaml's emitter,
// which writes the YAML of the reference.

export interface Analysis {
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
  readonly block: boolean;
}

const EMPTY: Analysis = { multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true, block: false };

/** True for characters that libyaml writes as they are. */
export function isPrintable(char: string): boolean {
  const point = char.codePointAt(0)!;
  return (
    point === 0x0a ||
    (point >= 0x20 && point <= 0x7e) ||
    (point >= 0xa0 && point <= 0xd7ff) ||
    (point >= 0xe000 && point <= 0xfffd && point !== 0xfeff)
  );
}

export function isBreak(char: string | undefined): boolean {
  return char === '\n' || char === '\r' || char === '\x85' || char === '\u2028' || char === '\u2029';
}

function isBlankOrEnd(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\t' || char === '\0' || isBreak(char);
}

/** Judges a text, given as its characters. */
export function analyze(chars: readonly string[]): Analysis {
  if (chars.length === 0) return EMPTY;
  const indicators = findIndicators(chars);
  let lineBreaks = false;
  let special = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previous: 'space' | 'break' | undefined;
  for (const char of chars) {
    if (!isPrintable(char)) special = true;
    if (isBreak(char)) lineBreaks = true;
    if (char === ' ') {
      if (previous === 'break') breakSpace = true;
      previous = 'space';
    } else if (isBreak(char)) {
      if (previous === 'space') spaceBreak = true;
      previous = 'break';
    } else previous = undefined;
  }
  const first = chars[0]!;
  const last = chars[chars.length - 1]!;
  const edged = first === ' ' || isBreak(first) || last === ' ' || isBreak(last);
  const hard = spaceBreak || special;
  const plain = !(edged || breakSpace || hard || lineBreaks);
  return {
    multiline: lineBreaks,
    flowPlain: plain && !indicators.flow,
    blockPlain: plain && !indicators.block,
    singleQuoted: !(breakSpace || hard),
    block: !(last === ' ' || hard),
  };
}

function findIndicators(chars: readonly string[]): { readonly flow: boolean; readonly block: boolean } {
  const start = chars.slice(0, 3).join('');
  let block = start === '---' || start === '...';
  let flow = block;
  let precededByBlank = true;
  for (const [i, char] of chars.entries()) {
    const followedByBlank = isBlankOrEnd(chars[i + 1]);
    if (i === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(char)) flow = block = true;
      if (char === '?' || char === ':') {
        flow = true;
        block ||= followedByBlank;
      }
      if (char === '-' && followedByBlank) flow = block = true;
    } else {
      if (',?[]{}'.includes(char)) flow = true;
      if (char === ':') {
        flow = true;
        block ||= followedByBlank;
      }
      if (char === '#' && precededByBlank) flow = block = true;
    }
    precededByBlank = isBlankOrEnd(char);
  }
  return { flow, block };
}
