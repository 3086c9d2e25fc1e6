/** The files that a chat's messages come from, by id; null where there is only one, or it is not known yet. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { engine } from "../engine/client";
import type { ChatRow, OriginRow } from "../engine/contract";

export function useOrigins(chat: ChatRow | null): ReadonlyMap<number, OriginRow> | null {
  const [found, setFound] = useState<{ chat: number; rows: OriginRow[] } | null>(null);
  const asked = chat?.merged ? chat.id : null;
  useEffect(() => {
    if (asked === null) return;
    let gone = false;
    engine.origins(asked).then(
      (rows) => !gone && setFound({ chat: asked, rows: rows.filter((row) => row.messages > 0) }),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [asked]);
  const rows = found && found.chat === asked ? found.rows : null;
  return useMemo(() => (rows && rows.length > 1 ? new Map(rows.map((row) => [row.id, row])) : null), [rows]);
}
