/** A poll: its answers, how many chose each, and who, where the source tells. */
import type { MessageDetails } from "../../engine/contract";
import { formatList } from "../../i18n/format";
import { t } from "../../i18n/translate";

export function PollCard(props: { poll: NonNullable<MessageDetails["poll"]> }) {
  const { options, votes } = props.poll;
  const most = Math.max(1, ...options.map((option) => option.votes));
  return (
    <ul class="poll" aria-label={t("kind.poll")}>
      {options.map((option, place) => {
        const names = votes.filter((vote) => vote.option === place).map((vote) => vote.name || t("message.somebody"));
        return (
          <li key={place} class="poll-option">
            <span class="poll-words">
              <span dir="auto">{option.text}</span>
              <span class="poll-count">{t("message.votes", { count: option.votes })}</span>
            </span>
            <meter class="poll-bar" min={0} max={most} value={option.votes} aria-hidden="true" />
            {names.length > 0 && (
              <small class="soft" dir="auto">
                {formatList(names)}
              </small>
            )}
          </li>
        );
      })}
    </ul>
  );
}
