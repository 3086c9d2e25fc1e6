/** A message's text: web addresses become links, found words are marked; nothing in it is ever read as HTML. */
import type { ComponentChildren } from "preact";

const ADDRESS = /https?:\/\/[^\s<>"'`]+/giu;
/** Marks that end a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}»”’]+$/u;

/** The address without what belongs to the sentence; a closing bracket stays when the address opened it. */
function withoutTrailing(found: string): string {
  const cut = found.replace(TRAILING, "");
  return cut.includes("(") && !cut.includes(")") && found[cut.length] === ")" ? `${cut})` : cut;
}

function webAddress(text: string): string | null {
  try {
    const { protocol, href } = new URL(text);
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}

interface Piece {
  start: number;
  end: number;
  href: string | null;
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    const href = webAddress(address);
    if (!href) continue;
    if (match.index > at) found.push({ start: at, end: match.index, href: null });
    at = match.index + address.length;
    found.push({ start: match.index, end: at, href });
  }
  if (at < text.length) found.push({ start: at, end: text.length, href: null });
  return found;
}

/** `highlights`: half-open offsets in the whole text. */
function marked(text: string, start: number, end: number, highlights: readonly [number, number][]): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let at = start;
  for (const [from, to] of highlights) {
    const first = Math.max(from, at);
    const last = Math.min(to, end);
    if (last <= first) continue;
    if (first > at) parts.push(text.slice(at, first));
    parts.push(<mark>{text.slice(first, last)}</mark>);
    at = last;
  }
  if (at < end) parts.push(text.slice(at, end));
  return parts;
}

export function MessageText(props: { text: string; highlights?: readonly [number, number][]; links?: boolean }) {
  const { text, highlights = [], links = true } = props;
  if (!links) return <>{marked(text, 0, text.length, highlights)}</>;
  return (
    <>
      {pieces(text).map((piece) => {
        const content = marked(text, piece.start, piece.end, highlights);
        return piece.href ? (
          <a href={piece.href} rel="noopener noreferrer" target="_blank">
            {content}
          </a>
        ) : (
          content
        );
      })}
    </>
  );
}

const AROUND = 40;

/** The part of a text around its first mark, for a list of results. */
export function excerpt(text: string, highlights: [number, number][]): { text: string; highlights: [number, number][] } {
  const first = highlights[0]?.[0] ?? 0;
  if (first <= AROUND) return { text, highlights };
  const space = text.indexOf(" ", first - AROUND);
  const start = space >= 0 && space < first ? space + 1 : first - AROUND;
  const shift = start - 1;
  return {
    text: `…${text.slice(start)}`,
    highlights: highlights.map(([from, to]): [number, number] => [from - shift, to - shift]).filter(([from]) => from >= 0),
  };
}
