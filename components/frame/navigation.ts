import {
  Activity,
  ChartLine,
  ChartNoAxesColumn,
  Gauge,
  Link2,
  LockKeyhole,
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
    | "access"
    | "activity"
    | "observability"
    | "settings"
    | "connect"
    | "usage"
    | "proxies"
    | "security";
  href: string;
  icon: LucideIcon;
  /** Seldom wanted on a phone: not in the bottom bar. */
  isRare?: true;
};

export const OPERATOR_NAV: readonly NavItem[] = [
  { key: "overview", href: "/overview", icon: Gauge },
  { key: "users", href: "/users", icon: Users },
  { key: "nodes", href: "/nodes", icon: Server },
  { key: "access", href: "/access", icon: LockKeyhole, isRare: true },
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
