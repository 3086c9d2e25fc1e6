/** Which media the page may show. Anything else, SVG and HTML above all, is a download. */
export type Shown = "image" | "video" | "audio" | null;

const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const VIDEOS: ReadonlySet<string> = new Set(["video/mp4", "video/webm"]);
const AUDIO: ReadonlySet<string> = new Set([
  "audio/aac",
  "audio/mp4",
  "audio/mpeg",
  "audio/ogg",
  "audio/opus",
  "audio/wav",
  "audio/webm",
  "audio/x-m4a",
]);

export function shownAs(mime: string): Shown {
  const type = mime.split(";")[0]?.trim().toLowerCase() ?? "";
  if (IMAGES.has(type)) return "image";
  if (VIDEOS.has(type)) return "video";
  if (AUDIO.has(type)) return "audio";
  return null;
}
