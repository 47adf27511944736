import { isNamespaceTerminating, StatusError } from "../api/status.ts";

/** A create that failed because its namespace is gone or about to go: nobody needs the object any more. */
export const isNamespaceGone = (error: unknown): boolean =>
  (error instanceof StatusError && error.code === 404) || isNamespaceTerminating(error);
