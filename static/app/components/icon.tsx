/** Line icons, 24 × 24, drawn in the text's colour and hidden from screen readers: the text beside them speaks. */
const SHAPES = {
  shield: "M12 3l7 3v5c0 4.6-3 8.2-7 10-4-1.8-7-5.4-7-10V6l7-3zM9 12l2 2 4-4",
  key: "M8 18a5 5 0 1 1 4.6-7H21v4h-3v3h-4v-3h-1.4A5 5 0 0 1 8 18zM8 13.2v-.4",
  password: "M2.5 6.500h19v11h-19zM7 12h.02M12 12h.02M17 12h.02",
  passkey: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.500 20c0-4 2.800-6 6.500-6 1.200 0 2.300.2 3.200.6M17.500 9.500a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM17.500 15.500v6M17.500 18.500h2.200",
  locked: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 15v2",
  unlocked: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.8-1.2M12 15v2",
  upload: "M12 16V4m0 0L7 9m5-5l5 5M4 20h16",
  download: "M12 4v12m0 0l5-5m-5 5l-5-5M4 20h16",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  print: "M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  eye_off: "M4 4l16 16M9.5 6c.8-.3 1.6-.5 2.5-.5 6 0 9.500 6.500 9.500 6.500s-1 1.900-2.900 3.600M6 7.700C3.700 9.500 2.500 12 2.500 12s3.500 6.500 9.500 6.500c1.500 0 2.800-.4 4-1",
  search: "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.500 15.500L20.500 20.500",
  filter: "M4 6h16M7 12h10M10 18h4",
  close: "M6 6l12 12M18 6L6 18",
  back: "M19 12H5m0 0l6-6m-6 6l6 6",
  forward: "M5 12h14m0 0l-6-6m6 6l-6 6",
  check: "M5 12.500l4.500 4.500L19 7.500",
  warning: "M12 4l9 16H3L12 4zM12 10v4.500M12 17.300v.2",
  info: "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17zM12 11v5.500M12 7.700v.2",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  folder: "M3 6h6l2 2h10v11H3z",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15.500 9.500h.01",
  play: "M8 5.500l11 6.500-11 6.500z",
  music: "M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",
  chat: "M4 5h16v11H11l-5 4v-4H4z",
  people: "M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-3.500 3-5.500 6.500-5.500s6.500 2 6.500 5.500M16 5a3.500 3.500 0 0 1 0 6.500M18 14.800c2.200.8 3.500 2.600 3.500 5.200",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  end: "M12 4v12m0 0l5-5m-5 5l-5-5",
  plus: "M12 5v14M5 12h14",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  place: "M12 21s7-6.200 7-11.500a7 7 0 0 0-14 0C5 14.800 12 21 12 21zM12 7a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
  call: "M6 4h3.500l1.500 4.500-2 1.500a12 12 0 0 0 5 5l1.500-2 4.500 1.500V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  chart: "M5 20V10M12 20V4M19 20v-7",
  keyboard: "M3 7h18v10H3zM7 10.500h.02M11 10.500h.02M15 10.500h.02M8 14h8",
  menu: "M5 7h14M5 12h14M5 17h14",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon(props: { name: IconName; class?: string }) {
  return (
    <svg class={`icon icon-${props.name} ${props.class ?? ""}`} viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
      <path
        d={SHAPES[props.name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.75"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
