/** What a person's config can be downloaded as. */
export const CONFIG_FORMATS = ["links", "sing-box", "mihomo"] as const;
export type ConfigFormat = (typeof CONFIG_FORMATS)[number];
