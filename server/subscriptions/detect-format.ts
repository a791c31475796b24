import type { ConfigFormat } from "#lib/api-client.ts";

/** Apps that turn plain links into their own config better than they read ours, whatever else they claim to be. */
const LINKS = /hiddify|v2rayn|v2rayng|shadowrocket|streisand|happ|nekobox|nekoray/i;
const SING_BOX = /^SF[AIMT]\/|sing-?box/i;
const MIHOMO = /mihomo|clash|stash|\bverge\b/i;
/** sing-box's own apps open the device's tunnel themselves; everything else gets a local proxy port. */
const SING_BOX_APP = /^SF[AIMT]\//;

/** What the client that asks can read; links are what nearly all understand. */
export function detectFormat(userAgent: string | null | undefined): ConfigFormat {
  const agent = userAgent ?? "";
  if (LINKS.test(agent)) return "links";
  if (SING_BOX.test(agent)) return "sing-box";
  if (MIHOMO.test(agent)) return "mihomo";
  return "links";
}

export function wantsTun(userAgent: string | null | undefined): boolean {
  return SING_BOX_APP.test(userAgent ?? "");
}
