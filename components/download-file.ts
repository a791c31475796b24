import type { ConfigFile } from "#lib/api-client.ts";

/** Hands a text to the browser as a file. */
export function downloadFile(file: ConfigFile): void {
  const url = URL.createObjectURL(new Blob([file.body], { type: file.contentType }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
