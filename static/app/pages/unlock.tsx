import { useEffect } from "preact/hooks";
import { WithSafe } from "../components/with_safe";
import { t } from "../i18n/translate";
import { navigate, paths } from "../router";

function Forward(props: { to: string }) {
  useEffect(() => navigate(props.to, { replace: true }), [props.to]);
  return null;
}

export function UnlockPage(props: { safe: string }) {
  return (
    <WithSafe safe={props.safe} reason={t("unlock.reason")}>
      {(safe) => <Forward to={paths.safe(safe.safe)} />}
    </WithSafe>
  );
}
