// Python's textwrap.wrap without tab expansion and white space replacement, as Jinja's wordwrap calls it.

const WORDS =
  /([\t\n\v\f\r ]+|(?<=[\w!"'&.,?])-{2,}(?=\w)|[^\t\n\v\f\r ]+?(?:-(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])|(?=[\t\n\v\f\r ]|$)|(?<=[\w!"'&.,?])(?=-{2,}\w)))/;

/** The lines of at most `width` characters that a text is wrapped into. */
export function wrap(text: string, width: number, breakLong: boolean, breakHyphens: boolean): string[] {
  const chunks = (breakHyphens ? text.split(WORDS) : text.split(/([\t\n\v\f\r ]+)/))
    .filter((chunk) => chunk !== '')
    .reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const line: string[] = [];
    let length = 0;
    if (lines.length > 0 && isBlank(chunks[chunks.length - 1]!)) chunks.pop();
    while (chunks.length > 0 && length + chunks[chunks.length - 1]!.length <= width) {
      const chunk = chunks.pop()!;
      line.push(chunk);
      length += chunk.length;
    }
    const next = chunks[chunks.length - 1];
    if (next !== undefined && next.length > width) {
      const room = width < 1 ? 1 : width - length;
      if (breakLong) {
        const end = hyphenBreak(next, room, breakHyphens);
        line.push(next.slice(0, end));
        chunks[chunks.length - 1] = next.slice(end);
      } else if (line.length === 0) line.push(chunks.pop()!);
    }
    if (line.length > 0 && isBlank(line[line.length - 1]!)) line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

function hyphenBreak(chunk: string, room: number, breakHyphens: boolean): number {
  if (!breakHyphens || chunk.length <= room) return room;
  const hyphen = chunk.lastIndexOf('-', room - 1);
  return hyphen > 0 && /[^-]/.test(chunk.slice(0, hyphen)) ? hyphen + 1 : room;
}

function isBlank(chunk: string): boolean {
  return /^\s*$/.test(chunk);
}
