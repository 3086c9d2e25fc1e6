/** Requests for Python: to the site with its session, to the operator's bucket without. */
import { Joined, own, type Bytes } from "./bytes";
import { spent } from "./rooms";

interface Reply {
  /** 0: no reply arrived; -1: cancelled. */
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Aborts when the page sets the cancel flag. */
function cancelSignal(cancelFlag: Int32Array): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  let watching = true;
  const watch = (): void => {
    if (!watching) return;
    if (Atomics.load(cancelFlag, 0) !== 0) return controller.abort();
    const waited = Atomics.waitAsync?.(cancelFlag, 0, 0, 1000);
    if (waited?.async) void waited.value.then(watch);
    else setTimeout(watch, 200);
  };
  watch();
  return { signal: controller.signal, done: () => void (watching = false) };
}

export function makeRequests(cancelFlag: Int32Array) {
  let csrf = "";

  async function fetched(address: string, options: RequestInit, body: Bytes | undefined, cancellable: boolean): Promise<Reply> {
    const { signal, done } = cancelSignal(cancelFlag);
    const init: RequestInit = { ...options, cache: "no-store", redirect: "error", referrerPolicy: "no-referrer" };
    const sent = body === undefined ? undefined : own(body);
    if (sent) init.body = sent;
    if (cancellable) init.signal = signal;
    try {
      const replied = fetch(address, init);
      // By now the browser has its own copy.
      if (body instanceof Joined) body.spent();
      else if (sent) spent(sent);
      const response = await replied;
      const content = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, headers: Object.fromEntries(response.headers), body: content };
    } catch {
      return { status: cancellable && signal.aborted ? -1 : 0, headers: {}, body: new Uint8Array() };
    } finally {
      done();
    }
  }

  return {
    cancelled: (): boolean => Atomics.load(cancelFlag, 0) !== 0,

    setCsrf: (token: string): void => void (csrf = token),

    request: (method: string, path: string, body: Bytes | undefined, headers: Record<string, string>, cancellable: boolean): Promise<Reply> =>
      fetched(path, { method, headers: method === "GET" ? headers : { ...headers, "x-csrftoken": csrf }, credentials: "same-origin" }, body, cancellable),

    /** To the operator's bucket, at an address that the site signed: nothing of the session goes along. */
    external: (method: string, url: string, body: Bytes | undefined, headers: Record<string, string>, cancellable: boolean): Promise<Reply> =>
      fetched(url, { method, headers, credentials: "omit", mode: "cors" }, body, cancellable),
  };
}
