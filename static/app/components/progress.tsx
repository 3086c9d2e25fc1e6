/** A long verb under way: what is happening, how far, how fast, how long still, and a way out. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Progress } from "../engine/contract";
import { formatBytes, formatDuration, formatPercent, formatRate } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import { Button } from "./button";

const STAGES: Record<Progress["stage"], Key> = {
  reading: "progress.reading",
  indexing: "progress.indexing",
  comparing: "progress.comparing",
  sealing: "progress.sealing",
  committing: "progress.committing",
  fetching: "progress.fetching",
  opening: "progress.opening",
  guessing: "progress.guessing",
  saving: "progress.saving",
  exporting: "progress.exporting",
  checking: "progress.checking",
  sampling: "progress.sampling",
  staging: "progress.staging",
  proving: "progress.proving",
  promoting: "progress.promoting",
};

const BYTE_STAGES: ReadonlySet<Progress["stage"]> = new Set(["reading", "sealing", "fetching", "opening", "saving"]);
/** The speed shown is that of the last seconds. */
const WINDOW_MS = 6_000;
const SETTLED_MS = 1_500;

/** Bytes a second over the last seconds of one stage, or null while too little is known. */
function useRate(progress: Progress | null): number | null {
  const samples = useRef<{ stage: string; at: number; done: number }[]>([]);
  const [rate, setRate] = useState<number | null>(null);
  useEffect(() => {
    if (!progress || !BYTE_STAGES.has(progress.stage)) {
      samples.current = [];
      setRate(null);
      return;
    }
    const now = performance.now();
    if (samples.current[0]?.stage !== progress.stage) samples.current = [];
    samples.current.push({ stage: progress.stage, at: now, done: progress.done });
    while (samples.current.length > 2 && now - (samples.current[0]?.at ?? now) > WINDOW_MS) samples.current.shift();
    const first = samples.current[0];
    const elapsed = first ? now - first.at : 0;
    setRate(first && elapsed > SETTLED_MS ? ((progress.done - first.done) / elapsed) * 1000 : null);
  }, [progress]);
  return rate;
}

function figures(progress: Progress, rate: number | null): string[] {
  const parts: string[] = [];
  const { stage, done, total, details } = progress;
  if (BYTE_STAGES.has(stage)) {
    parts.push(
      total === null
        ? formatBytes(done)
        : t("progress.of", { done: formatBytes(done), total: formatBytes(total) }),
    );
    if (rate !== null && rate > 0) {
      parts.push(formatRate(rate));
      if (total !== null && total > done) parts.push(t("progress.left", { time: formatDuration((total - done) / rate) }));
    }
  }
  if (details["messages"]) parts.push(t("count.messages", { count: details["messages"] }));
  if (details["known"]) parts.push(t("progress.known", { size: formatBytes(details["known"]) }));
  return parts;
}

export function ProgressPanel(props: { progress: Progress | null; label?: string; plain?: boolean; onCancel?: () => void }) {
  const { progress } = props;
  const rate = useRate(progress);
  const stage = progress ? t(STAGES[progress.stage]) : (props.label ?? t("progress.preparing"));
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null;
  return (
    <div class={`progress-panel${props.plain ? "" : " card"}`}>
      <div class="progress-head">
        <p class="progress-stage" role="status">
          {props.label ?? stage}
        </p>
        {share !== null && <p class="progress-share">{formatPercent(share)}</p>}
      </div>
      <progress class="progress" aria-label={stage} {...(share === null ? {} : { value: share, max: 1 })} />
      <p class="progress-facts">{progress ? figures(progress, rate).map((part) => <span key={part}>{part}</span>) : null}</p>
      {props.onCancel && (
        <p class="progress-actions">
          <Button onClick={props.onCancel}>{t("action.cancel")}</Button>
        </p>
      )}
    </div>
  );
}

export function Waiting(props: { label?: string }) {
  return (
    <p class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      {props.label ?? t("progress.loading")}
    </p>
  );
}

