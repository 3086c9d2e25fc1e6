/**
 * A field for something secret. It is a plain password field in a form with the account's e-mail, which is what password
 * managers look for; pasting is never blocked, and what is typed can be shown.
 */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { t } from "../i18n/translate";
import { Button } from "./button";

export function SecretField(props: {
  label: string;
  value: string;
  onInput: (value: string) => void;
  autocomplete: "current-password" | "new-password";
  hint?: ComponentChildren;
  error?: ComponentChildren;
  monospaced?: boolean;
}) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const field = {
    id,
    name: props.autocomplete,
    value: props.value,
    autocomplete: props.autocomplete,
    autocapitalize: "none",
    spellcheck: false,
    dir: "ltr",
    "aria-invalid": props.error ? true : undefined,
    "aria-describedby": `${id}-hint ${id}-error`,
    onInput: (event: { currentTarget: { value: string } }) => props.onInput(event.currentTarget.value),
  } as const;
  return (
    <div class="field">
      <label class="field-label" for={id}>{props.label}</label>
      <div class="input-row">
        {shown && props.monospaced ? (
          // All 64 digits can be seen at once.
          <textarea {...field} class="input input-mono" rows={3} />
        ) : (
          // Preact's types tell the two kinds of field apart; this one changes from one to the other.
          <input {...field} class={`input${props.monospaced ? " input-mono" : ""}`} type={(shown ? "text" : "password") as "text"} />
        )}
        <Button
          icon={shown ? "eye_off" : "eye"}
          look="quiet"
          label={shown ? t("field.hide") : t("field.show")}
          pressed={shown}
          onClick={() => setShown(!shown)}
        />
      </div>
      <div id={`${id}-hint`} class="field-help">
        {props.hint}
      </div>
      <div id={`${id}-error`} class="field-error" role="alert">
        {props.error}
      </div>
    </div>
  );
}

/** Tells a password manager whose secret the form holds. */
export function AccountField(props: { email: string }) {
  return (
    <input
      class="visually-hidden"
      type="email"
      name="username"
      value={props.email}
      autocomplete="username"
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
