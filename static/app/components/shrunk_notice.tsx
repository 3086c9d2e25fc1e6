/** A backup that holds far less than the last one: asked about before anything is sent. */
import type { Change, EngineError } from "../engine/contract";
import { t } from "../i18n/translate";
import { ChangeLines } from "./mismatch_notice";
import { Notice } from "./notice";

export function ShrunkNotice(props: { error: EngineError }) {
  return (
    <Notice tone="warn" role="alert" title={props.error.message}>
      <ChangeLines changes={(props.error.data["shrunk"] ?? []) as Change[]} />
      <p>{t("shrunk.text")}</p>
    </Notice>
  );
}
