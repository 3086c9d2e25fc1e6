"""The style sheet of HTML exports: light and dark, narrow and wide, and paper."""

STYLE = """\
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #23211e; --soft: #6f6a63; --line: #e4e0da; --bubble: #fff;
  --own: #e6f1ea; --accent: #1d6b4f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #191816; --ink: #ece9e4; --soft: #a49e95; --line: #35322e; --bubble: #242220; --own: #1f352b;
    --accent: #7fcaa8; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
main, header, body > footer { max-width: 46rem; margin-inline: auto; padding-inline: 1rem; }
header { padding-block: 1.5rem .5rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: .8rem; font-weight: 600; color: var(--soft); text-align: center; margin: 1.5rem 0 .75rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9rem; color: var(--soft); }
body > footer { padding-block: 1.5rem; }
a { color: var(--accent); }
.m { background: var(--bubble); border: 1px solid var(--line); border-radius: 12px; padding: .5rem .75rem;
  margin: .35rem 0; width: fit-content; max-width: min(34rem, 88%); overflow-wrap: anywhere; }
.m:target { outline: 2px solid var(--accent); }
.own { background: var(--own); margin-inline-start: auto; }
.m > b { display: block; font-size: .85rem; color: var(--soft); }
.m p { margin: .15rem 0; white-space: pre-wrap; }
.m small, .m footer, .about, .gone { font-size: .8rem; color: var(--soft); }
.m footer { text-align: end; }
.m img, .m video { display: block; max-width: 100%; height: auto; max-height: 24rem; border-radius: 8px; }
.m audio { display: block; width: 20rem; max-width: 100%; }
.album { display: grid; grid-template-columns: 1fr 1fr; gap: 3px; width: 26rem; max-width: 100%; margin: .25rem 0; }
.album img, .album video { width: 100%; height: 12rem; max-height: none; object-fit: cover; }
.reaction { border: 1px solid var(--line); border-radius: 999px; padding: 0 .35rem; }
.system { text-align: center; color: var(--soft); font-size: .85rem; white-space: pre-wrap; }
blockquote { margin: .25rem 0; padding-inline-start: .6rem; border-inline-start: 3px solid var(--accent);
  font-size: .9rem; }
blockquote a { color: inherit; text-decoration: none; }
blockquote b { display: block; font-size: .8rem; }
.list ul { list-style: none; padding: 0; }
.list li { padding: .75rem 0; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.list span { color: var(--soft); }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #555; --line: #ccc; --bubble: #fff; --own: #f3f3f3; --accent: #000; }
  nav, video, audio { display: none; }
  body { font-size: 10.5pt; }
  main, header { max-width: none; }
  .m { break-inside: avoid; }
  h2 { break-after: avoid; }
  .m img { max-height: 9cm; }
  .album img { height: 5cm; }
}
"""
