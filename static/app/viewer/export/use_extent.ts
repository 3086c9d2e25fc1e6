/** How much an export would be, asked anew whenever it changes; null while it is being counted. */
import { useEffect, useState } from "preact/hooks";
import { engine } from "../../engine/client";
import type { EngineError, ExportExtent } from "../../engine/contract";
import { asEngineError } from "../../engine/failures";

export function useExtent(chat: number | null, since: number | null, until: number | null): { extent: ExportExtent | null; error: EngineError | null } {
  const [found, setFound] = useState<{ extent: ExportExtent | null; error: EngineError | null }>({ extent: null, error: null });
  useEffect(() => {
    let gone = false;
    setFound({ extent: null, error: null });
    engine.exportExtent({ chats: chat === null ? null : [chat], since, until }).then(
      (extent) => !gone && setFound({ extent, error: null }),
      (thrown: unknown) => !gone && setFound({ extent: null, error: asEngineError(thrown) }),
    );
    return () => {
      gone = true;
    };
  }, [chat, since, until]);
  return found;
}
