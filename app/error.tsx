"use client";
import { ErrorPage, type ErrorPageProps } from "#components/error-page.tsx";

export default function RootError(props: ErrorPageProps) {
  return <ErrorPage {...props} />;
}
