/** Key or password: what each means, in two sentences. */
import { Icon, type IconName } from "../components/icon";
import { t } from "../i18n/translate";

type Protector = "key" | "password";

function Choice(props: { icon: IconName; title: string; text: string; fits: string; onClick: () => void }) {
  return (
    <button type="button" class="card option" onClick={props.onClick}>
      <span class="option-icon">
        <Icon name={props.icon} />
      </span>
      <span class="option-body">
        <strong class="option-title">{props.title}</strong>
        <span>{props.text}</span>
        <span class="soft">{props.fits}</span>
      </span>
    </button>
  );
}

export function ChooseProtector(props: { onChoose: (protector: Protector) => void }) {
  return (
    <>
      <div class="options">
        <Choice
          icon="password"
          title={t("choose.password_title")}
          text={t("choose.password_text")}
          fits={t("choose.password_fits")}
          onClick={() => props.onChoose("password")}
        />
        <Choice
          icon="key"
          title={t("choose.key_title")}
          text={t("choose.key_text")}
          fits={t("choose.key_fits")}
          onClick={() => props.onChoose("key")}
        />
      </div>
      <p class="soft">{t("choose.never_sent")}</p>
    </>
  );
}
