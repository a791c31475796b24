"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useState } from "react";
import { api } from "#components/api.ts";
import { toast } from "#components/toast.ts";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { ApiError } from "#lib/api-error.ts";
import type { Group } from "#lib/schemas/group.ts";
import { useGroupWrites } from "./use-groups.ts";

const SUGGESTIONS = 8;
const WAIT_MS = 200;

/** Names, as many as one likes; the one being typed is completed from the accounts there are. */
export function AddMembers({ group }: { group: Group }) {
  const t = useTranslations("groups");
  const listId = useId();
  const { members } = useGroupWrites();
  const [text, setText] = useState("");
  const [failure, setFailure] = useState<string | undefined>();
  const names = text.split(/[\s,;]+/).filter((name) => name !== "");
  const typed = useSettled(names.at(-1) ?? "");
  const before = names.slice(0, -1).map((name) => `${name}, `);
  const found = useQuery({
    queryKey: ["users", "suggested", typed],
    queryFn: ({ signal }) => api.listUsers({ query: typed, limit: SUGGESTIONS }, { signal }),
    enabled: typed !== "",
    staleTime: 30_000,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    setFailure(undefined);
    if (names.length === 0) return;
    members.mutate(
      { id: group.id, add: [...new Set(names)] },
      {
        onSuccess: (after) => {
          setText("");
          toast.success(t("added", { count: Math.max(0, after.members - group.members), group: group.name }));
        },
        onError: (error) => setFailure(error instanceof ApiError ? error.detail : error.message),
      },
    );
  }

  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <Field label={t("add")} hint={t("addHint")} error={failure} className="max-w-105 flex-1">
        {(control) => (
          <span className="flex gap-2">
            <Input
              {...control}
              value={text}
              onChange={(event) => setText(event.target.value)}
              list={listId}
              placeholder="ada, bob"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <datalist id={listId}>
              {found.data?.items.map(({ id, name, email }) => (
                <option key={id} value={`${before.join("")}${name}`}>
                  {email ?? undefined}
                </option>
              ))}
            </datalist>
            <Button type="submit" isBusy={members.isPending} className="h-9 pointer-coarse:h-11">
              {t("addButton")}
            </Button>
          </span>
        )}
      </Field>
    </form>
  );
}

/** The text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
