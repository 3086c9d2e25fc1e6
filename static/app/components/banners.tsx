/** What concerns every page: the session that ended, the network that is gone, the engine still starting, good news. */
import { useEffect, useState } from "preact/hooks";
import { engineStatus, sessionEnded } from "../engine/client";
import { rich, t } from "../i18n/translate";
import { accountStore, refreshAccount } from "../state/account";
import { useStore } from "../state/store";
import { toastStore } from "../state/toast";
import { Button } from "./button";
import { Icon } from "./icon";

export function SessionBanner() {
  const ended = useStore(sessionEnded);
  const account = useStore(accountStore);
  if (!ended || account.is !== "signed_in") return null;
  return (
    <div class="banner banner-warn" role="alert">
      <Icon name="warning" />
      <p>
        {rich("banner.signed_out", {
          link: (
            <a href="/accounts/login/?next=/app/" target="_blank" rel="noopener noreferrer">
              {t("banner.sign_in")}
            </a>
          ),
        })}
      </p>
      <Button onClick={() => void refreshAccount().catch(() => undefined)}>{t("banner.signed_in_again")}</Button>
    </div>
  );
}

export function Offline() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    addEventListener("online", update);
    addEventListener("offline", update);
    return () => {
      removeEventListener("online", update);
      removeEventListener("offline", update);
    };
  }, []);
  return (
    <div role="status">
      {!online && (
        <div class="banner banner-info">
          <Icon name="info" />
          <p>{t("banner.offline")}</p>
        </div>
      )}
    </div>
  );
}

/** Shown only to somebody who is already waiting. */
export function BootLine() {
  const status = useStore(engineStatus);
  return (
    <div class="boot-line" role="status">
      {status.state === "starting" && status.waiting && (
        <span class="boot-pill">
          <span class="spinner" aria-hidden="true" />
          {t("boot.starting")}
        </span>
      )}
    </div>
  );
}

export function Toast() {
  const text = useStore(toastStore);
  return (
    <div class="toast-place" role="status">
      {text && (
        <p class="toast">
          <Icon name="check" />
          {text}
        </p>
      )}
    </div>
  );
}
