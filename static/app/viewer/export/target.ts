/** Where an export goes: a folder or a zip that the person chooses, else a zip as a download. */
import { pickFolder } from "../../files/folder";
import { t } from "../../i18n/translate";

/** A new folder of its own in the one that the person chooses, so that nothing there is touched. Throws AbortError. */
export async function chooseFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const chosen = await pickFolder("exports", "readwrite");
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
  return chosen.getDirectoryHandle(`${name} ${now.slice(0, 19).replace("T", " ").replaceAll(":", ".")}`, { create: true });
}

/** A name that every system takes as a file's. */
export function fileName(title: string): string {
  return title.replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, " ").replace(/\s+/g, " ").trim().slice(0, 80) || t("viewer.title");
}
