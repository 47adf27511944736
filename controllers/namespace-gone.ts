import { StatusError } from "../api/status.ts";

/** A create that failed because its namespace is gone or about to go: nobody needs the object any more. */
export function isNamespaceGone(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  return (
    error.code === 404 || !!error.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating")
  );
}
