/** The message that this one answers, as the app kept it; leads there where it is in the backup. */
import type { MessageDetails } from "../../engine/contract";
import { t } from "../../i18n/translate";
import { kindName } from "../kinds";
import { senderColour } from "../sender_colour";

export function Quote(props: { quote: NonNullable<MessageDetails["quote"]>; onJump: (message: number) => void }) {
  const { quote } = props;
  const { message } = quote;
  const words = (
    <>
      <strong class="quote-sender" dir="auto">
        {quote.sender ?? t("message.somebody")}
      </strong>
      <span class="quote-text" dir="auto">
        {quote.text || kindName(quote.kind)}
      </span>
    </>
  );
  if (message === null) return <blockquote class={`quote ${senderColour(quote.senderIndex)}`}>{words}</blockquote>;
  return (
    <blockquote class={`quote ${senderColour(quote.senderIndex)}`}>
      <button type="button" class="quote-jump" title={t("message.go_to_quoted")} onClick={() => props.onJump(message)}>
        {words}
      </button>
    </blockquote>
  );
}
