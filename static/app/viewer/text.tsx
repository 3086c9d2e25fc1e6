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

/** Only what a browser opens as a page; null for everything else. */
export function webAddress(text: string): string | null {
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
  /** Who stands here, instead of the sign that the app wrote for them. */
  name?: string;
}

export interface Mention {
  name: string;
  token: string;
}

/** The next sign that stands for somebody; of two that begin at one place, the longer. */
function nextMention(text: string, from: number, end: number, mentions: readonly Mention[]): [place: number, mention: Mention] | null {
  return mentions.reduce<[number, Mention] | null>((best, mention) => {
    const place = mention.token && mention.name ? text.indexOf(mention.token, from) : -1;
    if (place < 0 || place + mention.token.length > end) return best;
    const sooner = !best || place < best[0] || (place === best[0] && mention.token.length > best[1].token.length);
    return sooner ? [place, mention] : best;
  }, null);
}

/** Cuts a stretch of text at the signs that stand for people. */
function* atMentions(text: string, start: number, end: number, mentions: readonly Mention[]): Generator<Piece> {
  let at = start;
  for (let next = nextMention(text, at, end, mentions); next; next = nextMention(text, at, end, mentions)) {
    const [place, mention] = next;
    if (place > at) yield { start: at, end: place, href: null };
    at = place + mention.token.length;
    yield { start: place, end: at, href: null, name: mention.name };
  }
  if (at < end) yield { start: at, end, href: null };
}

function pieces(text: string, mentions: readonly Mention[]): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    const href = webAddress(address);
    if (!href) continue;
    if (match.index > at) found.push(...atMentions(text, at, match.index, mentions));
    at = match.index + address.length;
    found.push({ start: match.index, end: at, href });
  }
  if (at < text.length) found.push(...atMentions(text, at, text.length, mentions));
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

export function MessageText(props: {
  text: string;
  highlights?: readonly [number, number][];
  mentions?: readonly Mention[];
  links?: boolean;
}) {
  const { text, highlights = [], mentions = [], links = true } = props;
  if (!links) return <>{marked(text, 0, text.length, highlights)}</>;
  return (
    <>
      {pieces(text, mentions).map((piece) => {
        if (piece.name) return <bdi class="mention">@{piece.name}</bdi>;
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
