"use client";
import { Search, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";

/** Whom the entries are about: typed, then Enter. The page keys it by `user`, so that Back changes it too. */
export function ActivityFilter(props: { user: string | null; onChange: (user: string | null) => void }) {
  const t = useTranslations("activity");
  const [text, setText] = useState(props.user ?? "");
  return (
    <search className="flex w-full sm:w-64">
      <form
        className="relative w-full"
        onSubmit={(event) => {
          event.preventDefault();
          props.onChange(text.trim().toLowerCase() || null);
        }}
      >
        <Search aria-hidden className="absolute start-3 top-1/2 size-4 -translate-y-1/2 text-ink-3" />
        <Input
          aria-label={t("filter")}
          placeholder={t("filterPlaceholder")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          className="px-9"
        />
        {props.user === null ? null : (
          <Button
            variant="ghost"
            size="icon"
            aria-label={t("clear")}
            onClick={() => props.onChange(null)}
            className="absolute end-0.5 top-1/2 -translate-y-1/2"
          >
            <X aria-hidden />
          </Button>
        )}
      </form>
    </search>
  );
}
