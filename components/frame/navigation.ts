import {
  Activity,
  ChartLine,
  ChartNoAxesColumn,
  Gauge,
  Link2,
  type LucideIcon,
  Network,
  Server,
  Settings,
  ShieldCheck,
  Users,
} from "lucide-react";

export type NavItem = {
  key:
    | "overview"
    | "users"
    | "nodes"
    | "activity"
    | "observability"
    | "settings"
    | "connect"
    | "usage"
    | "proxies"
    | "security";
  href: string;
  icon: LucideIcon;
};

export const OPERATOR_NAV: readonly NavItem[] = [
  { key: "overview", href: "/overview", icon: Gauge },
  { key: "users", href: "/users", icon: Users },
  { key: "nodes", href: "/nodes", icon: Server },
  { key: "activity", href: "/activity", icon: Activity },
  { key: "observability", href: "/observability", icon: ChartLine },
  { key: "settings", href: "/settings", icon: Settings },
];

export const PERSON_NAV: readonly NavItem[] = [
  { key: "connect", href: "/connect", icon: Link2 },
  { key: "usage", href: "/usage", icon: ChartNoAxesColumn },
  { key: "proxies", href: "/proxies", icon: Network },
  { key: "security", href: "/security", icon: ShieldCheck },
];

export const isCurrent = (item: NavItem, pathname: string) =>
  pathname === item.href || pathname.startsWith(`${item.href}/`);

export const SIDEBAR_COOKIE = "causeway-sidebar";
