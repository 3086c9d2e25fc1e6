/** The addresses of the app and the page behind each. */
export const HOME = "/app/";

export const paths = {
  newSafe: "/app/new",
  backup: (safe: string) => `/app/backup/${safe}`,
  unlock: (safe: string) => `/app/unlock/${safe}`,
  safe: (safe: string) => `/app/safe/${safe}`,
  activity: (safe: string) => `/app/safes/${safe}/activity`,
  read: (safe: string, snapshot: string) => `/app/read/${safe}/${snapshot}`,
};

export type Route =
  | { page: "home" | "new" | "not_found" }
  | { page: "backup" | "unlock" | "safe" | "activity"; safe: string }
  | { page: "read"; safe: string; snapshot: string };

const ID = /^[0-9a-f]{32}$/;

export function parseRoute(pathname: string): Route {
  const [page, safe, snapshot, ...rest] = pathname.replace(/^\/app\/?/, "").replace(/\/$/, "").split("/");
  if (rest.length > 0) return { page: "not_found" };
  if (!page) return { page: "home" };
  if (page === "new" && safe === undefined) return { page: "new" };
  if (safe === undefined || !ID.test(safe)) return { page: "not_found" };
  if (page === "safes" && snapshot === "activity") return { page: "activity", safe };
  if (page === "read" && snapshot !== undefined && ID.test(snapshot)) return { page: "read", safe, snapshot };
  if ((page === "backup" || page === "unlock" || page === "safe") && snapshot === undefined) return { page, safe };
  return { page: "not_found" };
}
