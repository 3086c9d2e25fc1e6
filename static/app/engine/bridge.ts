/**
 * What Python may ask of the browser: WebCrypto, files and requests. Bytes stay JavaScript `Uint8Array`s unless Python
 * asks for them. No logic lives here or in bridge/: segments, nonces, keys and formats are decided in Python
 * (webapp/engine).
 */
import { BackupFolder } from "./bridge/backup_folder";
import { Joined, own, piece, type Bytes } from "./bridge/bytes";
import { ciphers } from "./bridge/ciphers";
import { ExportFolder } from "./bridge/export_folder";
import { BlobSink, BridgedFile, StreamSink } from "./bridge/files";
import { Growing, inflate, opening } from "./bridge/opening";
import { makeRequests } from "./bridge/requests";
import { makeSodium } from "./bridge/sodium";

/** What is used of Emscripten's file system. */
interface Files {
  writeFile(path: string, data: Uint8Array, options: { canOwn: boolean }): void;
}

export function makeBridge(cancelFlag: Int32Array) {
  return {
    ...makeRequests(cancelFlag),
    ...ciphers,
    ...makeSodium(),

    join: (parts: Bytes[], padding: number): Joined => new Joined(parts, padding),
    slice: piece,
    whole: own,

    opening,
    growing: (limit: number): Growing => new Growing(limit),
    /** An array as a file that SQLite reads where it lies, outside the heap. */
    placeFile: (files: Files, path: string, bytes: Uint8Array): void => files.writeFile(path, bytes, { canOwn: true }),
    inflate,

    file: (file: File, path: string): BridgedFile => new BridgedFile(file, path),
    blobSink: (): BlobSink => new BlobSink(),
    isFolder: (target: unknown): boolean => target instanceof FileSystemDirectoryHandle,
    backupFolder: (handle: FileSystemDirectoryHandle): BackupFolder => new BackupFolder(handle),
    exportFolder: (handle: FileSystemDirectoryHandle): ExportFolder => new ExportFolder(handle),
    streamSink: (stream: WritableStream<Uint8Array>): StreamSink => new StreamSink(stream),
    /** The same bytes, of a type that the page can show; nothing is copied. */
    typed: (blob: Blob, type: string): Blob => blob.slice(0, blob.size, type),
    blob: (data: Bytes, type: string): Blob => new Blob([own(data)], { type }),
    toFile: (data: Bytes, name: string, type: string): File => new File([own(data)], name, { type }),

    /** The person's clock and zone, for the date on a saved key. */
    now: (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19),
    today: (): string => new Date().toLocaleDateString("sv-SE"),
    site: (): string => location.host,
  };
}
