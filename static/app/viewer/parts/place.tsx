/** A place as figures that can be copied into any map. No map is asked: that would tell its owner where the person was. */
import { useState } from "preact/hooks";
import { Button } from "../../components/button";
import { Icon } from "../../components/icon";
import type { MessageDetails } from "../../engine/contract";
import { formatDuration } from "../../i18n/format";
import { t } from "../../i18n/translate";

const DIGITS = 6;

export function PlaceCard(props: { place: NonNullable<MessageDetails["place"]> }) {
  const { place } = props;
  const [copied, setCopied] = useState(false);
  const figures = `${place.latitude.toFixed(DIGITS)}, ${place.longitude.toFixed(DIGITS)}`;
  return (
    <div class="media-card">
      <Icon name="place" />
      <span class="media-text">
        {place.name && <strong dir="auto">{place.name}</strong>}
        {place.address && <span dir="auto">{place.address}</span>}
        <span class="mono" dir="ltr">
          {figures}
        </span>
        {place.liveSeconds !== null && <small>{t("place.live", { time: formatDuration(place.liveSeconds) })}</small>}
        {copied && <small role="status">{t("place.copied")}</small>}
      </span>
      <Button
        icon="copy"
        look="quiet"
        label={t("place.copy")}
        onClick={() => void navigator.clipboard.writeText(figures).then(() => setCopied(true), () => setCopied(false))}
      />
    </div>
  );
}
