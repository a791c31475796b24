import { PROMETHEUS, type Query } from "./queries.ts";
import type { Target } from "./schema.ts";

/** `red` and `amber` are where a value becomes bad; below them for things that should be high. */
type Limits = { amber?: number; red?: number; isHighGood?: boolean };
type Link = { title: string; url: string };
export type Common = {
  title: string;
  description: string;
  queries: Query[];
  unit: string;
  /** Of 24 columns. */
  width: number;
  height?: number;
  limits?: Limits;
  min?: number;
  max?: number;
  decimals?: number;
  /** Colour by series name. */
  colors?: Readonly<Record<string, string>>;
  links?: Link[];
};

/** One colour a door everywhere, as in the panel, told apart by colour-blind people too. */
export const DOOR_COLORS = { vpn: "#7c6cf0", http: "#2f9e8f", socks: "#d97b29", web: "#6b7280" } as const;
export const GREEN = "#3fa66b";
const AMBER = "#d9a029";
export const RED = "#d64545";

const REF_IDS = "ABCDEFGHIJ";
const targetsOf = (queries: Query[]): Target[] =>
  queries.map((query, index) => ({ refId: REF_IDS[index] ?? "Z", ...query }) as Target);

function thresholds({ amber, red, isHighGood = false }: Limits = {}) {
  const steps: { color: string; value: number | null }[] = [{ color: isHighGood ? RED : GREEN, value: null }];
  if (isHighGood) {
    if (red !== undefined) steps.push({ color: amber === undefined ? GREEN : AMBER, value: red });
    if (amber !== undefined) steps.push({ color: GREEN, value: amber });
  } else {
    if (amber !== undefined) steps.push({ color: AMBER, value: amber });
    if (red !== undefined) steps.push({ color: RED, value: red });
  }
  return { mode: "absolute" as const, steps };
}

export const overridesOf = (colors: Common["colors"]) =>
  Object.entries(colors ?? {}).map(([name, fixedColor]) => ({
    matcher: { id: "byRegexp", options: `/^${name}\\b/` },
    properties: [{ id: "color", value: { mode: "fixed", fixedColor } }],
  }));

export function base({ title, description, queries, width, height = 8, links }: Common) {
  return {
    title,
    description,
    datasource: queries[0]?.datasource ?? PROMETHEUS,
    targets: targetsOf(queries),
    gridPos: { x: 0, y: 0, w: width, h: height },
    ...(links && {
      // A relative address leads from /grafana/ to the panel or Jaeger; Grafana would put its own path before a "/".
      links: links.map(({ title: name, url }) => ({
        title: name,
        url,
        type: "link" as const,
        targetBlank: true,
        icon: "external link",
        tooltip: "",
        tags: [],
        asDropdown: false,
        includeVars: false,
        keepTime: false,
      })),
    }),
  };
}

export const defaults = ({ unit, min, max, decimals, limits }: Common) => ({
  unit,
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  ...(decimals !== undefined && { decimals }),
  thresholds: thresholds(limits),
});
