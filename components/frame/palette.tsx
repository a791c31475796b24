"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { LogOut, type LucideIcon, Monitor, Moon, Server, Sun, User, UserPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useDeferredValue, useState } from "react";
import { api } from "#components/api.ts";
import { isOperator, useMe } from "#components/me.tsx";
import { queryKeys } from "#components/query-keys.ts";
import { OPERATOR_NAV, PERSON_NAV } from "./navigation.ts";
import { signOut } from "./sign-out.ts";
import { setTheme } from "./theme.ts";

/** Ctrl/⌘ K: jump to any page, person or node, or do something. */
export function Palette(props: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) {
  const t = useTranslations("palette");
  const nav = useTranslations("nav");
  const me = useMe();
  const router = useRouter();
  const [query, setQuery] = useState("");
  const search = useDeferredValue(query.trim());
  const isOperating = isOperator(me);
  const people = useQuery({
    queryKey: queryKeys.userList({ query: search, sort: "name", order: "asc" }),
    queryFn: ({ signal }) => api.listUsers({ query: search, limit: 8 }, { signal }),
    enabled: props.isOpen && isOperating && search !== "",
    placeholderData: keepPreviousData,
  });
  const nodes = useQuery({
    queryKey: queryKeys.nodes,
    queryFn: ({ signal }) => api.listNodes({ signal }),
    enabled: props.isOpen && isOperating,
  });

  const close = () => {
    props.onOpenChange(false);
    setQuery("");
  };
  const run = (action: () => void) => () => {
    close();
    action();
  };
  const go = (href: string) => run(() => router.push(href));

  return (
    <Radix.Root open={props.isOpen} onOpenChange={(isOpen) => (isOpen ? props.onOpenChange(true) : close())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-x-4 top-[12dvh] z-50 mx-auto max-w-140 animate-in overflow-hidden rounded-xl bg-raised shadow-pop outline-none"
        >
          <Radix.Title className="sr-only">{t("title")}</Radix.Title>
          <Command label={t("title")} loop>
            <Command.Input
              value={query}
              onValueChange={setQuery}
              placeholder={t("placeholder")}
              className="h-12 w-full border-b bg-transparent px-4 text-lg outline-none"
            />
            <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-8 text-center text-ink-3 text-sm">
                {t("empty", { query })}
              </Command.Empty>
              {isOperating ? (
                <Group heading={t("actions")}>
                  <Item icon={UserPlus} onSelect={go("/users?create=true")}>
                    {t("createUser")}
                  </Item>
                </Group>
              ) : null}
              {isOperating && search !== "" && people.data?.items.length ? (
                <Group heading={t("people")}>
                  {people.data.items.map((user) => (
                    <Item
                      key={user.id}
                      icon={User}
                      value={`person ${user.name}`}
                      keywords={[search, user.email ?? "", user.note]}
                      onSelect={go(`/users/${user.name}`)}
                    >
                      {user.name}
                      {user.email ? <span className="text-ink-3">{user.email}</span> : null}
                    </Item>
                  ))}
                </Group>
              ) : null}
              {isOperating ? (
                <Group heading={t("pages")}>
                  {OPERATOR_NAV.map((item) => (
                    <Item key={item.key} icon={item.icon} onSelect={go(item.href)}>
                      {nav(item.key)}
                    </Item>
                  ))}
                </Group>
              ) : null}
              {isOperating && search !== "" && nodes.data?.items.length ? (
                <Group heading={t("nodes")}>
                  {nodes.data.items.map((node) => (
                    <Item
                      key={node.id}
                      icon={Server}
                      value={`node ${node.name}`}
                      onSelect={go(`/nodes/${node.name}`)}
                    >
                      {node.name}
                    </Item>
                  ))}
                </Group>
              ) : null}
              <Group heading={t("ownPages")}>
                {PERSON_NAV.map((item) => (
                  <Item key={item.key} icon={item.icon} onSelect={go(item.href)}>
                    {nav(item.key)}
                  </Item>
                ))}
              </Group>
              <Group heading={t("actions")}>
                <Item icon={Sun} onSelect={run(() => setTheme("light"))}>
                  {t("themeLight")}
                </Item>
                <Item icon={Moon} onSelect={run(() => setTheme("dark"))}>
                  {t("themeDark")}
                </Item>
                <Item icon={Monitor} onSelect={run(() => setTheme("system"))}>
                  {t("themeSystem")}
                </Item>
                <Item icon={LogOut} onSelect={run(() => void signOut())}>
                  {t("signOut")}
                </Item>
              </Group>
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

function Item(props: {
  icon: LucideIcon;
  value?: string;
  keywords?: string[];
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      {...(props.value ? { value: props.value } : {})}
      {...(props.keywords ? { keywords: props.keywords } : {})}
      onSelect={props.onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-base data-[selected=true]:bg-hover pointer-coarse:h-11"
    >
      <props.icon aria-hidden className="size-4 shrink-0 text-ink-3" />
      {props.children}
    </Command.Item>
  );
}
