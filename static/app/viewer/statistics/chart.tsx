/** A chart of counts, and the same figures as a table for whoever does not see it. */
import { useEffect, useRef } from "preact/hooks";
import { formatNumber } from "../../i18n/format";
import { t } from "../../i18n/translate";
import { loadCharts } from "./charts";
import type { Counted } from "./over_time";

const HEIGHT = 220;
/** So few labels fit beside each other on a phone. */
const FEW = 7;

const colour = (element: Element, name: string): string => getComputedStyle(element).getPropertyValue(name).trim();

/** `light-dark(…)` as the canvas takes it: a colour that the browser has decided. */
function decided(element: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value || colour(element, name);
}

async function draw(element: HTMLElement, rows: readonly Counted[], shape: "bars" | "area", gone: () => boolean) {
  const Charts = await loadCharts();
  if (gone()) return undefined;
  const [ink, line, accent, fill] = ["--ink-soft", "--line", "--accent", "--accent-soft"].map((name) => decided(element, name));
  const axis = { stroke: ink ?? "", grid: { stroke: line ?? "", width: 1 }, ticks: { stroke: line ?? "", width: 1 }, font: "12px system-ui" };
  const labels = (_: unknown, places: number[]) => places.map((place) => (Number.isInteger(place) ? (rows[place]?.label ?? "") : ""));
  const paths = shape === "bars" ? Charts.paths.bars?.({ size: [0.7, 60] }) : undefined;
  const bars = paths ? { paths } : {};
  return new Charts(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: { range: (_, __, high) => [0, Math.max(1, high * 1.05)] }, x: { time: false, range: shape === "bars" ? [-0.6, rows.length - 0.4] : [0, Math.max(1, rows.length - 1)] } },
      axes: [
        { ...axis, values: labels, space: rows.length <= FEW ? 30 : 70 },
        { ...axis, size: 56, values: (_, values) => values.map((value) => (Number.isInteger(value) ? formatNumber(value) : "")) },
      ],
      series: [{}, { stroke: accent ?? "", fill: (shape === "bars" ? accent : fill) ?? "", width: 2, points: { show: false }, ...bars }],
    },
    [rows.map((_, index) => index), rows.map((row) => row.count)],
    element,
  );
}

export function Chart(props: { title: string; column: string; rows: readonly Counted[]; shape: "bars" | "area"; summary: string }) {
  const place = useRef<HTMLDivElement>(null);
  const { rows, shape } = props;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let gone = false;
    let chart: { destroy: () => void; setSize: (size: { width: number; height: number }) => void } | undefined;
    const again = () => {
      chart?.destroy();
      chart = undefined;
      void draw(element, rows, shape, () => gone).then((drawn) => {
        if (gone) drawn?.destroy();
        else chart = drawn;
      });
    };
    again();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", again);
    const observer = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      gone = true;
      chart?.destroy();
      observer.disconnect();
      scheme.removeEventListener("change", again);
    };
  }, [rows, shape]);

  return (
    <figure class="chart card">
      <figcaption>
        <h3>{props.title}</h3>
      </figcaption>
      <div class="chart-place" ref={place} role="img" aria-label={props.summary} dir="ltr" />
      <details class="how">
        <summary>{t("statistics.as_table")}</summary>
        <div class="table-wrap" tabIndex={0} role="region" aria-label={props.title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{props.column}</th>
                <th scope="col">{t("found.messages")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.label}>
                  <th scope="row">{row.label}</th>
                  <td>{formatNumber(row.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
