/** The emoji on a message, those that are alike together; who gave them opens below. */
import { useState } from "preact/hooks";
import type { MessageDetails } from "../../engine/contract";
import { formatList, formatNumber } from "../../i18n/format";
import { t } from "../../i18n/translate";

type Given = NonNullable<MessageDetails["reactions"]>;

export function byEmoji(given: Given): [emoji: string, names: string[]][] {
  const groups = new Map<string, string[]>();
  for (const { emoji, name } of given) groups.set(emoji, [...(groups.get(emoji) ?? []), name]);
  return [...groups].sort((a, b) => b[1].length - a[1].length);
}

export function Reactions(props: { given: Given }) {
  const [open, setOpen] = useState(false);
  const groups = byEmoji(props.given);
  const named = (names: string[]) => formatList(names.map((name) => name || t("message.somebody")));
  return (
    <div class="reactions">
      <button
        type="button"
        class="reaction-strip"
        aria-expanded={open}
        aria-label={t("message.reactions", { list: groups.map(([emoji, names]) => `${emoji} ${named(names)}`).join("; ") })}
        onClick={() => setOpen(!open)}
      >
        {groups.map(([emoji, names]) => (
          <span key={emoji}>
            {emoji}
            {names.length > 1 && <small>{formatNumber(names.length)}</small>}
          </span>
        ))}
      </button>
      {open && (
        <ul class="reaction-names">
          {groups.map(([emoji, names]) => (
            <li key={emoji} dir="auto">
              {emoji} {named(names)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
