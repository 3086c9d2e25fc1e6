/** The app's rules that need no browser; tests/unit/app/test_pure_modules.py compiles this file and runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isValidElement, type ComponentChildren } from "preact";
import { dayNumber, formatBytes, formatDuration, formatMessageTime, formatRate, wallClock } from "../../../static/app/i18n/format";
import { rich, t } from "../../../static/app/i18n/translate";
import { Joined, piece } from "../../../static/app/engine/bridge/bytes";
import { room, spent } from "../../../static/app/engine/bridge/rooms";
import { wording } from "../../../static/app/engine/failures";
import { parseRoute, paths } from "../../../static/app/routes";
import { BlockHeights, PER_BLOCK } from "../../../static/app/viewer/block_heights";
import { shownAs } from "../../../static/app/viewer/media_type";
import { guessSelf } from "../../../static/app/viewer/self";
import { excerpt, MessageText } from "../../../static/app/viewer/text";
import type { ChatRow } from "../../../static/app/engine/contract";
import { zoneSpans } from "../../../static/app/i18n/zone";
import { fragmentOf, placeOfFragment } from "../../../static/app/viewer/place";
import { chatsNamed } from "../../../static/app/viewer/chat_list";
import { fileName } from "../../../static/app/viewer/export/target";
import { filterOf } from "../../../static/app/viewer/search_filter";
import { overTime } from "../../../static/app/viewer/statistics/over_time";
import { actionOf, SHORTCUTS } from "../../../static/app/viewer/shortcuts";

const ID = "0123456789abcdef0123456789abcdef";

/** Rendered text as [element name or "", text, address] in reading order. */
function flat(children: ComponentChildren, tag = "", href: unknown = undefined): [string, string, unknown][] {
  if (Array.isArray(children)) return children.flatMap((child) => flat(child, tag, href));
  if (isValidElement(children)) {
    const { type, props } = children as { type: unknown; props: { children?: ComponentChildren; href?: unknown } };
    const name = typeof type === "string" ? type : tag;
    return flat(props.children, name, props.href ?? href);
  }
  return children === null || children === undefined || children === "" ? [] : [[tag, String(children), href]];
}
const drawn = (text: string, highlights: [number, number][] = [], links = true) =>
  flat(MessageText({ text, highlights, links }));

test("a web address becomes a link without the sentence's full stop", () => {
  assert.deepEqual(drawn("See https://example.org/a?b=1. Good"), [
    ["", "See ", undefined],
    ["a", "https://example.org/a?b=1", "https://example.org/a?b=1"],
    ["", ". Good", undefined],
  ]);
});

test("a bracket that an address opened belongs to it", () => {
  assert.equal(drawn("(https://example.org/a_(b))").find(([tag]) => tag === "a")?.[1], "https://example.org/a_(b)");
  assert.equal(drawn("(https://example.org/a)").find(([tag]) => tag === "a")?.[1], "https://example.org/a");
});

test("nothing but http and https becomes a link", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "<a href=x>y</a>", "http://"]) {
    assert.deepEqual(drawn(text), [["", text, undefined]]);
  }
});

test("found words are marked, also inside a link, and no letter is lost", () => {
  const text = "go to https://example.org/lake by the lake";
  const pieces = drawn(text, [
    [26, 30],
    [38, 42],
  ]);
  assert.equal(pieces.map(([, part]) => part).join(""), text);
  assert.deepEqual(
    pieces.filter(([tag]) => tag === "mark").map(([, part]) => part),
    ["lake", "lake"],
  );
});

test("a long text is shown from shortly before its first mark, and the mark still fits", () => {
  const text = `${"word ".repeat(40)}needle and more`;
  const at = text.indexOf("needle");
  const shown = excerpt(text, [[at, at + 6]]);
  const [from, to] = shown.highlights[0] ?? [0, 0];
  assert.equal(shown.text.slice(from, to), "needle");
  assert.ok(shown.text.length < 70);
});

test("only known pictures, videos and sounds are shown", () => {
  assert.equal(shownAs("image/jpeg"), "image");
  assert.equal(shownAs("VIDEO/MP4; codecs=avc1"), "video");
  assert.equal(shownAs("audio/ogg; codecs=opus"), "audio");
  for (const mime of ["image/svg+xml", "text/html", "application/pdf", "image/tiff", "", "application/xhtml+xml"]) {
    assert.equal(shownAs(mime), null);
  }
});

test("every address leads to its page and nothing else does", () => {
  assert.deepEqual(parseRoute("/app/"), { page: "home" });
  assert.deepEqual(parseRoute("/app"), { page: "home" });
  assert.deepEqual(parseRoute(paths.newSafe), { page: "new" });
  assert.deepEqual(parseRoute(paths.backup(ID)), { page: "backup", safe: ID });
  assert.deepEqual(parseRoute(paths.unlock(ID)), { page: "unlock", safe: ID });
  assert.deepEqual(parseRoute(`${paths.safe(ID)}/`), { page: "safe", safe: ID });
  assert.deepEqual(parseRoute(paths.read(ID, ID)), { page: "read", safe: ID, snapshot: ID });
  for (const wrong of ["/app/x", "/app/safe/xyz", `/app/read/${ID}`, `/app/safe/${ID}/${ID}`, `/app/read/${ID}/${ID}/1`]) {
    assert.deepEqual(parseRoute(wrong), { page: "not_found" });
  }
});

test("the place of a block and the block at a place agree, also after blocks were measured", () => {
  const heights = new BlockHeights(10_000);
  heights.measured(3, 5_000);
  heights.measured(200, 17);
  for (const block of [0, 1, 3, 4, 199, 200, 201, 249]) {
    assert.equal(heights.blockAt(heights.top(block)), block);
    assert.equal(heights.blockAt(heights.top(block) + heights.height(block) - 1), block);
  }
  assert.equal(heights.top(heights.blocks), heights.total);
});

test("a chat of a million messages is laid out in spans that stay below the browsers' cap", () => {
  const heights = new BlockHeights(1_000_000);
  assert.equal(heights.span.end, heights.blocks);
  assert.ok((heights.span.end - heights.span.first) * PER_BLOCK <= 50_000);
  assert.equal(heights.spanAround(0), true);
  assert.deepEqual(heights.span.first, 0);
  heights.spanAround(12_000);
  assert.ok(heights.span.first < 12_000 && heights.span.end > 12_000);
  assert.equal(heights.blockAt(heights.top(12_000)), 12_000);
});

test("an empty chat has one empty block", () => {
  const heights = new BlockHeights(0);
  assert.equal(heights.blocks, 1);
  assert.equal(heights.blockAt(0), 0);
});

test("the far side is the phone's owner, or of two the one the chat is not named after", () => {
  const chat = { id: 1, name: "Ada", messages: 1, media: 0, first: null, last: null, lastText: null, lastSender: null, lastKind: "text" };
  assert.equal(guessSelf({ ...chat, isGroup: true, participants: ["Ada", "Kim"], owner: "Kim" }), "Kim");
  assert.equal(guessSelf({ ...chat, isGroup: false, participants: ["Ada", "Kim"], owner: null }), "Kim");
  assert.equal(guessSelf({ ...chat, isGroup: false, participants: ["Lee", "Kim"], owner: null }), null);
  assert.equal(guessSelf({ ...chat, isGroup: true, participants: ["Ada", "Kim"], owner: null }), null);
});

test("sizes, rates and durations read well", () => {
  assert.equal(formatBytes(0), "0 bytes");
  assert.equal(formatBytes(1), "1 byte");
  assert.equal(formatBytes(999), "999 bytes");
  assert.equal(formatBytes(1_500), "1.5 kB");
  assert.equal(formatBytes(999_600), "1 MB");
  assert.equal(formatRate(8_700_000), "8.7 MB/s");
  assert.equal(formatDuration(0.2), "1 second");
  assert.equal(formatDuration(89), "89 seconds");
  assert.equal(formatDuration(600), "10 minutes");
  assert.equal(formatDuration(7_200), "2 hours");
});

test("a message's time is the exporting phone's, whatever the reader's zone", () => {
  assert.match(formatMessageTime(Date.UTC(2024, 0, 1, 23, 5)), /^11:05/);
  assert.equal(dayNumber(Date.UTC(2024, 0, 1, 23, 59)) + 1, dayNumber(Date.UTC(2024, 0, 2, 0, 0)));
});

test("the catalogue chooses the plural and formats numbers", () => {
  assert.equal(t("count.messages", { count: 1 }), "1 message");
  assert.equal(t("count.messages", { count: 12_345 }), "12,345 messages");
  assert.deepEqual(rich("progress.of", { done: "a", total: "b" }), ["", "a", " of ", "b", ""]);
});

test("an error that carries figures is worded with them, any other keeps the engine's own words", () => {
  const own = { message: "own words", next: "own step" };
  assert.match(wording({ ...own, code: "wrong_password", data: { guesses_left: 1 } }).message, /1 guess left/);
  assert.match(wording({ ...own, code: "key_bad_letter", data: { position: 13, letter: "g" } }).next, /group 4, place 1/);
  assert.deepEqual(wording({ ...own, code: "wrong_password", data: {} }), own);
  assert.match(wording({ ...own, code: "chunk_damaged", data: { path: "folder/a.zip" } }).message, /“a\.zip”/);
  assert.deepEqual(wording({ ...own, code: "chunk_damaged", data: {} }), own);
  assert.deepEqual(wording({ ...own, code: "manifest_damaged", data: { path: "a" } }), own);
});

test("somebody mentioned stands by name, and what only looks like it does not", () => {
  const text = "ask @4915 or @49151, see https://example.org/@4915";
  const pieces = flat(MessageText({ text, mentions: [{ token: "@4915", name: "Rosa" }, { token: "@49151", name: "Kim" }] }));
  assert.deepEqual(pieces.filter(([tag]) => tag === "bdi").map(([, part]) => part), ["@", "Rosa", "@", "Kim"]);
  assert.ok(pieces.some(([tag, part]) => tag === "a" && part === "https://example.org/@4915"));
});

test("a wall clock is shown as it was, a real time in this device's zone", () => {
  const noon = Date.UTC(2024, 0, 15, 12);
  assert.equal(wallClock(noon, true), noon);
  assert.equal(wallClock(noon, false), noon + 13 * 3_600_000); // Auckland in summer
});

test("the zone is told by its changes, and covers all times", () => {
  const [first, last] = [Date.UTC(2024, 0, 1), Date.UTC(2024, 11, 31)];
  const spans = zoneSpans(first, last);
  assert.deepEqual(spans, [
    [first, 780],
    [Date.UTC(2024, 3, 6, 14), 720],
    [Date.UTC(2024, 8, 28, 14), 780],
  ]);
  assert.deepEqual(zoneSpans(null, null), []);
});

test("a filter asks for whole days, by wall clock or by this device's zone", () => {
  const narrowed = { person: 7, kind: "image,gif", since: "2024-01-15", until: "2024-01-15" };
  assert.deepEqual(filterOf(narrowed, 3, true), {
    chats: [3],
    people: [7],
    kinds: ["image", "gif"],
    since: Date.UTC(2024, 0, 15),
    until: Date.UTC(2024, 0, 16),
  });
  assert.equal(filterOf(narrowed, null, false).since, Date.UTC(2024, 0, 14, 11));
  assert.deepEqual(filterOf({ person: null, kind: "", since: "", until: "" }, null, true), { since: null, until: null });
});

test("every place in the viewer has an address that leads back to it", () => {
  for (const chat of [null, 3]) {
    for (const pane of ["messages", "media", "statistics"] as const) {
      assert.deepEqual(placeOfFragment(fragmentOf({ chat, pane })), { chat, pane });
    }
  }
  for (const wrong of ["chat-", "chat-x", "chat-3-other", "mediaa"]) assert.equal(placeOfFragment(wrong).pane, "messages");
});

test("days without messages are counted as none", () => {
  const few = overTime({ days: [[19_000, 2], [19_003, 1]], months: [["2022-01", 3]] });
  assert.deepEqual(few.map((row) => row.count), [2, 0, 0, 1]);
  const many = overTime({ days: [[19_000, 2], [19_300, 1]], months: [["2021-11", 2], ["2022-02", 1]] });
  assert.deepEqual(many.map((row) => row.count), [2, 0, 0, 1]);
  assert.deepEqual(overTime({ days: [], months: [] }), []);
});

test("a chat is found by a part of its name or of a person's, accents or not", () => {
  const chats = [{ name: "Zoë", participants: ["Zoë", "Ann"] }, { name: "Club", participants: ["Émile"] }] as ChatRow[];
  const names = (typed: string) => chatsNamed(chats, typed).map(({ name }) => name);
  assert.deepEqual(names("zoe"), ["Zoë"]);
  assert.deepEqual(names("EMI"), ["Club"]);
  assert.deepEqual(names(" "), ["Zoë", "Club"]);
  assert.deepEqual(names("x"), []);
});

test("shortcuts leave typing and the browser's own keys alone", () => {
  const key = { key: "m", ctrlKey: false, metaKey: false, altKey: false, target: null };
  assert.equal(actionOf(key), "media");
  assert.equal(actionOf({ ...key, ctrlKey: true }), null);
  assert.equal(actionOf({ ...key, target: { tagName: "INPUT" } as unknown as EventTarget }), null);
  assert.equal(new Set(SHORTCUTS.map((shortcut) => shortcut.key)).size, SHORTCUTS.length);
});

test("an export's name holds nothing that a disk would take for a path", () => {
  assert.equal(fileName('a/b\\c:"d"\u202E'), "a b c d");
  assert.equal(fileName("///"), "Chats");
});

const MIB = 1024 * 1024;

test("joined parts are one array for whoever needs one, and lie where they lay for whoever does not", () => {
  const [head, content] = [new Uint8Array([1, 2]), new Uint8Array([3, 4, 5, 6])];
  const frame = new Joined([head, content], 3);
  assert.equal(frame.length, 9);
  const inside = piece(frame, 3, 5);
  assert.deepEqual([...inside], [4, 5]);
  assert.equal(inside.buffer, content.buffer);
  assert.deepEqual([...piece(frame, 1, 4)], [2, 3, 4]);
  assert.deepEqual([...piece(frame, 5, 9)], [6, 0, 0, 0]);
  assert.deepEqual([...frame.whole()], [1, 2, 3, 4, 5, 6, 0, 0, 0]);
  assert.deepEqual([...piece(frame, 1, 4)], [2, 3, 4]);
});

test("a head is written in front of a large result once, and copied in front of it the next time", () => {
  const sealed = room(2 * MIB).fill(7);
  const first = new Joined([new Uint8Array([1, 2, 3]), sealed], 0).whole();
  assert.equal(first.buffer, sealed.buffer);
  const second = new Joined([new Uint8Array([4, 5, 6]), sealed], 0).whole();
  assert.notEqual(second.buffer, sealed.buffer);
  assert.deepEqual([...first.subarray(0, 4)], [1, 2, 3, 7]);
  assert.deepEqual([...second.subarray(0, 4)], [4, 5, 6, 7]);
  assert.equal(first.length, 2 * MIB + 3);
});

test("a buffer that was spent is empty to its old owner, and shows nothing of it to the next", () => {
  const old = room(3 * MIB).fill(9);
  const stranger = new Uint8Array(2 * MIB).fill(8);
  spent(old);
  spent(stranger);
  assert.equal(stranger.length, 2 * MIB);
  if ("transfer" in ArrayBuffer.prototype) assert.equal(old.length, 0);
  const next = new Joined([new Uint8Array(MIB).fill(1)], MIB).whole();
  assert.equal(next.length, 2 * MIB);
  assert.equal(next.lastIndexOf(9), -1);
  assert.equal(next.indexOf(0), MIB);
});

test("sending a joined body spends its parts too", () => {
  const [one, two] = [room(MIB).fill(1), room(MIB).fill(2)];
  const body = new Joined([new Uint8Array(4), one, new Uint8Array(4), two], 0);
  assert.equal(body.whole().lastIndexOf(1), MIB + 3);
  body.spent();
  if ("transfer" in ArrayBuffer.prototype) assert.deepEqual([one.length, two.length], [0, 0]);
});
