/** What happened to a safe's password: every attempt, lock and change, checked by the engine. Needs no unlocking. */
import { useEffect, useState } from "preact/hooks";
import { Button } from "../components/button";
import { Icon, type IconName } from "../components/icon";
import { ErrorNotice, Notice } from "../components/notice";
import { Loading, Page } from "../components/page";
import { Waiting } from "../components/progress";
import { safeName } from "../components/unlock_form";
import { UnknownSafe } from "../components/with_safe";
import { engine } from "../engine/client";
import type { Activity, EngineError, Happening, SafeSummary } from "../engine/contract";
import { asEngineError } from "../engine/failures";
import { saveBlob } from "../files/save";
import { formatDate, formatDateTime, formatTime } from "../i18n/format";
import { t, type Key } from "../i18n/translate";
import { HOME, paths } from "../router";
import { useAccount } from "../state/account";

type Filter = "all" | "wrong" | "unlocks" | "changes";
type Look = { text: Key; icon: IconName; tone: "calm" | "good" | "bad"; filter: Exclude<Filter, "all"> };

const LOOKS: Record<string, Look> = {
  answered: { text: "activity.answered", icon: "password", tone: "calm", filter: "changes" },
  registered: { text: "activity.registered", icon: "password", tone: "good", filter: "changes" },
  wrong_guess: { text: "activity.wrong_guess", icon: "warning", tone: "bad", filter: "wrong" },
  unlock_try: { text: "activity.unlock_try", icon: "password", tone: "calm", filter: "unlocks" },
  recovered: { text: "activity.recovered", icon: "unlocked", tone: "good", filter: "unlocks" },
  wait_again: { text: "activity.wait_again", icon: "locked", tone: "calm", filter: "changes" },
  lock_lifted: { text: "activity.lock_lifted", icon: "info", tone: "calm", filter: "wrong" },
  restored: { text: "activity.restored", icon: "info", tone: "calm", filter: "changes" },
  staged: { text: "activity.staged", icon: "password", tone: "calm", filter: "changes" },
  proved: { text: "activity.proved", icon: "check", tone: "calm", filter: "changes" },
  promoted: { text: "activity.promoted", icon: "password", tone: "good", filter: "changes" },
  dropped: { text: "activity.dropped", icon: "close", tone: "calm", filter: "changes" },
  replaced: { text: "activity.replaced", icon: "password", tone: "good", filter: "changes" },
  paused: { text: "activity.paused", icon: "locked", tone: "bad", filter: "changes" },
  resumed: { text: "activity.resumed", icon: "info", tone: "good", filter: "changes" },
  destroyed: { text: "activity.destroyed", icon: "close", tone: "calm", filter: "changes" },
  guesses_used_up: { text: "activity.guesses_used_up", icon: "warning", tone: "bad", filter: "wrong" },
};
// A later vault may tell more kinds of events than this page knows; none is left out.
const UNKNOWN: Look = { text: "activity.unknown", icon: "info", tone: "calm", filter: "changes" };
const FILTERS: { id: Filter; text: Key }[] = [
  { id: "all", text: "activity.filter_all" },
  { id: "wrong", text: "activity.filter_wrong" },
  { id: "unlocks", text: "activity.filter_unlocks" },
  { id: "changes", text: "activity.filter_changes" },
];
const SHOWN_AT_ONCE = 100;

const lookOf = (happening: Happening): Look => LOOKS[happening.what] ?? UNKNOWN;

function sentence(happening: Happening): string {
  return t(lookOf(happening).text, {
    attempt: happening.attempt,
    count: happening.guessesLeft,
    kind: happening.what.replaceAll("_", " "),
  });
}

/** Newest first, one group for each day in the person's zone. */
function byDay(happenings: Happening[]): { day: string; of: Happening[] }[] {
  const days: { day: string; of: Happening[] }[] = [];
  for (const happening of happenings) {
    const day = formatDate(happening.at);
    const last = days.at(-1);
    if (last?.day === day) last.of.push(happening);
    else days.push({ day, of: [happening] });
  }
  return days;
}

function Row(props: { happening: Happening }) {
  const { happening } = props;
  const look = lookOf(happening);
  return (
    <li class={`happening happening-${look.tone}`}>
      <Icon name={look.icon} />
      <span class="happening-text">{sentence(happening)}</span>
      <time dateTime={happening.at}>{formatTime(happening.at)}</time>
    </li>
  );
}

function Standing(props: { activity: Activity; safe: SafeSummary }) {
  const { activity, safe } = props;
  if (activity.failures > 0) {
    return (
      <Notice
        tone="warn"
        title={t(activity.lastUnlock ? "activity.failures" : "activity.failures_ever", { count: activity.failures })}
      >
        <p>
          {activity.lastUnlock
            ? t("activity.last_unlock", { when: formatDateTime(activity.lastUnlock) })
            : t("activity.never_unlocked")}{" "}
          {safe.vault && safe.vault.state !== "destroyed" && t("unlock.guesses", { count: safe.vault.guessesLeft })}
        </p>
        <p>{t("activity.not_you")}</p>
      </Notice>
    );
  }
  return (
    <Notice tone="success" title={t(activity.lastUnlock ? "activity.no_failures" : "activity.no_failures_ever")}>
      <p>
        {activity.lastUnlock
          ? t("activity.last_unlock", { when: formatDateTime(activity.lastUnlock) })
          : t("activity.never_unlocked")}
      </p>
    </Notice>
  );
}

function List(props: { activity: Activity }) {
  const [filter, setFilter] = useState<Filter>("all");
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const wanted = props.activity.happenings.filter((one) => filter === "all" || lookOf(one).filter === filter);
  return (
    <>
      <div class="activity-bar">
        <div class="chips" role="group" aria-label={t("activity.filter")}>
          {FILTERS.map(({ id, text }) => (
            <button
              key={id}
              type="button"
              class="chip"
              aria-pressed={filter === id}
              onClick={() => {
                setFilter(id);
                setShown(SHOWN_AT_ONCE);
              }}
            >
              {t(text)}
            </button>
          ))}
        </div>
        <Button
          icon="download"
          onClick={() =>
            saveBlob(new Blob([props.activity.file.text], { type: "application/json" }), props.activity.file.name)
          }
        >
          {t("activity.download")}
        </Button>
      </div>
      <p class="visually-hidden" role="status">
        {t("activity.shown", { count: wanted.length })}
      </p>
      {wanted.length === 0 && <p class="empty">{t("activity.none_of_these")}</p>}
      {byDay(wanted.slice(0, shown)).map(({ day, of }) => (
        <section key={day} class="activity-day">
          <h2>{day}</h2>
          <ol class="happenings">
            {of.map((happening) => (
              <Row key={`${happening.version}-${happening.number}`} happening={happening} />
            ))}
          </ol>
        </section>
      ))}
      {wanted.length > shown && (
        <Button onClick={() => setShown(shown + SHOWN_AT_ONCE)}>{t("activity.more")}</Button>
      )}
      <p class="soft">{t("activity.checked")}</p>
    </>
  );
}

function Broken(props: { error: EngineError }) {
  const faults = props.error.data["faults"];
  return (
    <>
      <ErrorNotice error={props.error} />
      {Array.isArray(faults) && (
        <ul class="activity-faults">
          {faults.map((fault) => (
            <li key={String(fault)}>{String(fault)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Shown(props: { safe: SafeSummary }) {
  const { safe } = props;
  const [activity, setActivity] = useState<Activity | null>(null);
  const [error, setError] = useState<EngineError | null>(null);

  async function load() {
    setError(null);
    try {
      setActivity(await engine.activity(safe.safe));
    } catch (thrown) {
      setError(asEngineError(thrown));
    }
  }
  useEffect(() => void load(), [safe.safe]);

  return (
    <Page
      title={t("activity.title")}
      lead={safeName(safe)}
      back={safe.unlocked ? { to: paths.safe(safe.safe), label: t("activity.back") } : { to: HOME, label: t("nav.safes") }}
    >
      {safe.vault?.state === "paused" && (
        <Notice tone="warn" title={t("activity.paused_title")}>
          <p>{t("activity.paused_text")}</p>
        </Notice>
      )}
      {error?.code === "activity_broken" ? <Broken error={error} /> : <ErrorNotice error={error} onRetry={() => void load()} />}
      {!activity && !error && <Waiting />}
      {activity && activity.happenings.length === 0 && <p class="empty">{t("activity.empty")}</p>}
      {activity && activity.happenings.length > 0 && (
        <>
          {activity.state === "active" && <Standing activity={activity} safe={safe} />}
          <List activity={activity} />
        </>
      )}
    </Page>
  );
}

export function ActivityPage(props: { safe: string }) {
  const account = useAccount();
  if (account.is !== "signed_in") return null;
  if (account.safes === null) return <Loading />;
  const safe = account.safes.find((candidate) => candidate.safe === props.safe);
  return safe ? <Shown key={safe.safe} safe={safe} /> : <UnknownSafe />;
}
