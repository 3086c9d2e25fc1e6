/** Cards of people that were sent: name and numbers, and the card itself as a file. */
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import type { MessageDetails } from "../../engine/contract";
import { saveBlob } from "../../files/save";
import { t } from "../../i18n/translate";

export function ContactCards(props: { contacts: NonNullable<MessageDetails["contacts"]> }) {
  return (
    <>
      {props.contacts.map((contact, place) => (
        <div key={place} class="media-card">
          <Icon name="people" />
          <span class="media-text">
            <strong dir="auto">{contact.name || t("kind.contact")}</strong>
            {contact.phones.split("\n").filter(Boolean).map((phone) => (
              <span key={phone} class="mono" dir="ltr">
                {phone}
              </span>
            ))}
          </span>
          {contact.vcard && (
            <Button
              icon="download"
              look="quiet"
              label={t("files.download_name", { name: contact.name || t("kind.contact") })}
              onClick={() => saveBlob(new Blob([contact.vcard], { type: "text/vcard;charset=utf-8" }), `${contact.name || "contact"}.vcf`)}
            />
          )}
        </div>
      ))}
    </>
  );
}
