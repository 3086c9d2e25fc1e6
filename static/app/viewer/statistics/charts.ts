/** The library that draws charts, loaded beside the page: most people never open the statistics. */
type Charts = typeof import("uplot");

let loading: Promise<Charts> | undefined;

export function loadCharts(): Promise<Charts> {
  loading ??= import("uplot").then((module) => (module as unknown as { default: Charts }).default);
  return loading;
}
