/** The addresses of the app and the page behind each. */
export const HOME = "/app/";

export const paths = {
  newSafe: "/app/new",
  open: "/app/open",
  openContainer: "/app/open-container",
  backup: (safe: string) => `/app/backup/${safe}`,
  unlock: (safe: string) => `/app/unlock/${safe}`,
  safe: (safe: string) => `/app/safe/${safe}`,
  activity: (safe: string) => `/app/safes/${safe}/activity`,
  protectors: (safe: string) => `/app/safes/${safe}/protectors`,
  forgottenPassword: (safe: string) => `/app/safes/${safe}/forgotten-password`,
  lostKey: (safe: string) => `/app/safes/${safe}/lost-key`,
  bothLost: (safe: string) => `/app/safes/${safe}/both-lost`,
  read: (safe: string, snapshot: string) => `/app/read/${safe}/${snapshot}`,
};

/** The pages below /app/safes/<safe>/. */
const OF_SAFE = ["activity", "protectors", "forgotten-password", "lost-key", "both-lost"] as const;
type OfSafe = (typeof OF_SAFE)[number];

export type Route =
  | { page: "home" | "new" | "open" | "open-container" | "not_found" }
  | { page: "backup" | "unlock" | "safe" | OfSafe; safe: string }
  | { page: "read"; safe: string; snapshot: string };

const ID = /^[0-9a-f]{32}$/;

export function parseRoute(pathname: string): Route {
  const [page, safe, snapshot, ...rest] = pathname.replace(/^\/app\/?/, "").replace(/\/$/, "").split("/");
  if (rest.length > 0) return { page: "not_found" };
  if (!page) return { page: "home" };
  if (safe === undefined && (page === "new" || page === "open" || page === "open-container")) return { page };
  if (safe === undefined || !ID.test(safe)) return { page: "not_found" };
  const ofSafe = OF_SAFE.find((name) => page === "safes" && name === snapshot);
  if (ofSafe) return { page: ofSafe, safe };
  if (page === "read" && snapshot !== undefined && ID.test(snapshot)) return { page: "read", safe, snapshot };
  if ((page === "backup" || page === "unlock" || page === "safe") && snapshot === undefined) return { page, safe };
  return { page: "not_found" };
}
