"use client";
import { ErrorPage, type ErrorPageProps } from "#components/error-page.tsx";

/** Inside the frame: the rest of the panel stays usable. */
export default function PanelError(props: ErrorPageProps) {
  return <ErrorPage {...props} isFramed />;
}
