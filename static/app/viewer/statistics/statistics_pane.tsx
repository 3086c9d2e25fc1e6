/** How much was written when, by whom, and of what kind. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { ErrorNotice } from "../../components/notice";
import { Waiting } from "../../components/progress";
import { engine } from "../../engine/client";
import type { ChatStatistics, EngineError } from "../../engine/contract";
import { asEngineError } from "../../engine/failures";
import { formatHour, formatNumber, formatWeekday } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { zoneSpans } from "../../i18n/zone";
import { kindName } from "../kinds";
import { PaneHead } from "../pane_head";
import { Chart } from "./chart";
import { overTime, type Counted } from "./over_time";
import { Ranking } from "./ranking";

/** As many bars can still be told apart. */
const MOST_BARS = 40;

const largest = (rows: readonly Counted[]): Counted => rows.reduce((best, row) => (row.count > best.count ? row : best), { label: "", count: 0 });

function Found(props: { found: ChatStatistics }) {
  const { found } = props;
  const time = useMemo(() => overTime(found), [found]);
  const hours = useMemo(() => found.hours.map((count, hour) => ({ label: formatHour(hour), count })), [found]);
  const weekdays = useMemo(() => found.weekdays.map((count, day) => ({ label: formatWeekday(day), count })), [found]);
  const summary = (rows: readonly Counted[]) => {
    const { label, count } = largest(rows);
    return t("statistics.summary", { count, when: label });
  };
  const figures = [
    [t("found.messages"), formatNumber(found.messages)],
    [t("statistics.days"), formatNumber(found.days.length)],
    [t("statistics.a_day"), formatNumber(Math.round(found.messages / Math.max(1, found.days.length)))],
    [t("found.people"), formatNumber(found.people.length)],
  ];
  return (
    <>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name} class="figure">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Chart title={t("statistics.over_time")} column={t("statistics.when")} rows={time} shape={time.length > MOST_BARS ? "area" : "bars"} summary={summary(time)} />
      <Ranking
        title={t("statistics.by_person")}
        column={t("statistics.person")}
        rows={found.people.map((person) => ({ label: person.name || t("message.somebody"), count: person.messages }))}
      />
      <Chart title={t("statistics.by_hour")} column={t("statistics.hour")} rows={hours} shape="bars" summary={summary(hours)} />
      <Chart title={t("statistics.by_weekday")} column={t("statistics.weekday")} rows={weekdays} shape="bars" summary={summary(weekdays)} />
      <Ranking
        title={t("statistics.by_kind")}
        column={t("statistics.kind")}
        rows={Object.entries(found.kinds).map(([kind, count]) => ({ label: kindName(kind), count }))}
      />
    </>
  );
}

export function StatisticsPane(props: {
  chat: { id: number; name: string } | null;
  first: number | null;
  last: number | null;
  onBack: () => void;
}) {
  const { chat } = props;
  const [found, setFound] = useState<ChatStatistics | null>(null);
  const [error, setError] = useState<EngineError | null>(null);
  useEffect(() => {
    let gone = false;
    setFound(null);
    engine.statistics(chat?.id ?? null, zoneSpans(props.first, props.last)).then(
      (value) => !gone && setFound(value),
      (thrown) => !gone && setError(asEngineError(thrown)),
    );
    return () => {
      gone = true;
    };
  }, [chat?.id]);
  return (
    <section class="chat-pane" aria-label={t("statistics.title")}>
      <PaneHead title={t("statistics.title")} of={chat?.name ?? t("viewer.all_chats")} onBack={props.onBack} />
      <div class="pane-scroll statistics">
        <ErrorNotice error={error} />
        {!found && !error && <Waiting />}
        {found && (found.messages > 0 ? <Found found={found} /> : <p class="empty">{t("statistics.empty")}</p>)}
      </div>
    </section>
  );
}
