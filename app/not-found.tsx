import { useTranslations } from "next-intl";
import { MessagePage } from "#components/message-page.tsx";

export default function NotFound() {
  const t = useTranslations("error");
  return (
    <MessagePage
      code="404"
      title={t("notFoundTitle")}
      text={t("notFoundText")}
      link={{ href: "/", label: t("home") }}
    />
  );
}
