/** What was opened: the files, where the messages came from, and what was not understood. */
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../components/dialog";
import { FilesPanel } from "../components/files_panel";
import { ErrorNotice } from "../components/notice";
import { UnknownList } from "../components/unknown_list";
import { engine } from "../engine/client";
import type { EngineError, OpenedSnapshot, OriginRow } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { t } from "../i18n/translate";
import { Origins } from "./origins";

export function SourceInfo(props: { opened: OpenedSnapshot; local: boolean; onClose: () => void }) {
  const [origins, setOrigins] = useState<OriginRow[]>([]);
  const [unknown, setUnknown] = useState<{ what: string; detail: string; count: number }[]>([]);
  const [error, setError] = useState<EngineError | null>(null);
  useEffect(() => {
    const failed = (thrown: unknown) => setError(asEngineError(thrown));
    engine.origins(null).then(setOrigins, failed);
    engine.unknown().then(setUnknown, failed);
  }, []);
  return (
    <Dialog title={props.local ? t("origins.about") : t("files.title")} onClose={props.onClose}>
      {!props.local && <FilesPanel files={props.opened.files} />}
      <ErrorNotice error={error} />
      <Origins rows={origins} />
      {unknown.length > 0 && (
        <>
          <h3>{t("unknown.title")}</h3>
          <UnknownList rows={unknown} />
        </>
      )}
    </Dialog>
  );
}
