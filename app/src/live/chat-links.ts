/** A piece of a message: words, or a link that may be followed. */
export interface Piece {
  text: string;
  href?: string;
  host?: string;
}

const LINK = /https:\/\/[^\s<>"']+/gu;
// What ends a sentence does not belong to the address.
const AFTER = /[.,;:!?)\]}]+$/u;

/** Cut a message into words and links. Only https, nobody's user name in it; the host is shown as the browser will read it. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const found = match[0].replace(AFTER, "");
    const url = URL.canParse(found) ? new URL(found) : null;
    if (!url || url.username || url.password || !url.hostname.includes(".")) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push({ text: found, href: url.href, host: url.hostname });
    done = match.index + found.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}
