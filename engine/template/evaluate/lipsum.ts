// `lipsum()`: paragraphs of filler.

import { allowItems, MOST_ITEMS } from '../limits.ts';

const WORDS =
  'ad amet at commodo cum dis dolor eget elit est et id in ipsum justo lacus lorem magna massa mi nec non nulla orci per quam quis risus sed sem sit taciti ut velit'.split(
    ' ',
  );

/** `count` paragraphs of `least` to `most` words, as HTML or plain. */
export function lipsum(count: number, html: boolean, least: number, most: number): string {
  allowItems(Math.max(0, count) * Math.max(0, Math.min(most, MOST_ITEMS)), 'lipsum()');
  const paragraphs = Array.from({ length: Math.max(0, count) }, () => paragraph(least, most));
  return html ? paragraphs.map((text) => `<p>${text}</p>`).join('\n') : paragraphs.join('\n\n');
}

function paragraph(least: number, most: number): string {
  const size = least + Math.floor(Math.random() * Math.max(1, most - least));
  const words = Array.from({ length: size }, () => WORDS[Math.floor(Math.random() * WORDS.length)]!);
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
