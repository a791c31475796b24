import { useTranslations } from "next-intl";
import { MessagePage } from "#components/message-page.tsx";

export default function Forbidden() {
  const t = useTranslations("error");
  return (
    <MessagePage
      isFramed
      code="403"
      title={t("forbiddenTitle")}
      text={t("forbiddenText")}
      link={{ href: "/", label: t("home") }}
    />
  );
}
