import type { System } from "./systems.ts";

/** An app that speaks VLESS with Reality. `note` is a key of messages `connect.note`. */
export type App = {
  id: string;
  name: string;
  note: "simple" | "rules" | "light" | "official" | "openSource" | "paid" | "tray";
  isFree: boolean;
  getUrl: string;
  /** Opens the app with the subscription in it; null: the app registers no such link, it is pasted by hand. */
  importUrl: ((subscriptionUrl: string, name: string) => string) | null;
};

const encode = encodeURIComponent;
const release = (repository: string) => `https://github.com/${repository}/releases/latest`;

const singBox = (getUrl: string): App => ({
  id: "sing-box",
  name: "sing-box",
  note: "official",
  isFree: true,
  getUrl,
  importUrl: (url, name) => `sing-box://import-remote-profile?url=${encode(url)}#${encode(name)}`,
});
const hiddify = (getUrl = release("hiddify/hiddify-app")): App => ({
  id: "hiddify",
  name: "Hiddify",
  note: "simple",
  isFree: true,
  getUrl,
  importUrl: (url, name) => `hiddify://import/${url}#${encode(name)}`,
});
const clashVerge: App = {
  id: "clash-verge",
  name: "Clash Verge Rev",
  note: "rules",
  isFree: true,
  getUrl: release("clash-verge-rev/clash-verge-rev"),
  importUrl: (url, name) => `clash://install-config?url=${encode(url)}&name=${encode(name)}`,
};
const APP_STORE_SING_BOX = "https://apps.apple.com/app/sing-box-vt/id6673731168";

/** Free first; the first of each is the one to take when in doubt. */
export const APPS: Record<System, readonly [App, ...App[]]> = {
  ios: [
    hiddify("https://apps.apple.com/app/hiddify-proxy-vpn/id6596777532"),
    singBox(APP_STORE_SING_BOX),
    {
      id: "shadowrocket",
      name: "Shadowrocket",
      note: "paid",
      isFree: false,
      getUrl: "https://apps.apple.com/app/shadowrocket/id932747118",
      importUrl: (url, name) => `shadowrocket://add/sub://${btoa(url)}?remark=${encode(name)}`,
    },
  ],
  android: [
    {
      id: "v2rayng",
      name: "v2rayNG",
      note: "light",
      isFree: true,
      getUrl: release("2dust/v2rayNG"),
      importUrl: (url, name) => `v2rayng://install-sub?url=${encode(url)}#${encode(name)}`,
    },
    hiddify("https://play.google.com/store/apps/details?id=app.hiddify.com"),
    singBox("https://play.google.com/store/apps/details?id=io.nekohasekai.sfa"),
  ],
  windows: [
    hiddify(),
    clashVerge,
    {
      id: "v2rayn",
      name: "v2rayN",
      note: "tray",
      isFree: true,
      getUrl: release("2dust/v2rayN"),
      importUrl: null,
    },
  ],
  macos: [hiddify(), singBox(APP_STORE_SING_BOX), clashVerge],
  linux: [
    clashVerge,
    hiddify(),
    {
      id: "sing-box-cli",
      name: "sing-box",
      note: "openSource",
      isFree: true,
      getUrl: "https://sing-box.sagernet.org/installation/package-manager/",
      importUrl: null,
    },
  ],
};
