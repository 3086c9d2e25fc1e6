import type { MessageDetails } from "../../engine/contract";
import { Icon } from "../../components/icon";
import { formatLength } from "../../i18n/format";
import { t, type Key } from "../../i18n/translate";

const OUTCOMES: Record<string, Key> = {
  answered: "call.answered",
  missed: "call.missed",
  declined: "call.declined",
  cancelled: "call.cancelled",
  failed: "call.failed",
};

export function CallCard(props: { call: NonNullable<MessageDetails["call"]> }) {
  const { call } = props;
  const name = call.group
    ? call.video ? t("call.group_video") : t("call.group_voice")
    : call.video ? t("call.video") : t("call.voice");
  const outcome = OUTCOMES[call.outcome];
  return (
    <div class="media-card">
      <Icon name="call" />
      <span class="media-text">
        <span>{name}</span>
        <small class="dotted">
          {outcome && <span>{t(outcome)}</span>}
          {call.seconds !== null && <span>{formatLength(call.seconds)}</span>}
        </small>
      </span>
    </div>
  );
}
