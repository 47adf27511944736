import { isGoPrintable } from "../go-format.ts";

/** validation.FieldManagerMaxLength, in bytes. */
const maxBytes = 128;

/**
 * The name of who writes: the fieldManager parameter, or else the program at the start of the User-Agent.
 * Source: managerOrUserAgent in k8s.io/apiserver/pkg/endpoints/handlers/create.go.
 */
export function managerName(fieldManager: string, userAgent: string): string {
  if (fieldManager !== "") return fieldManager;
  let name = "";
  let bytes = 0;
  for (const char of userAgent.split("/", 1)[0]!) {
    if (!isGoPrintable(char)) continue;
    bytes += Buffer.byteLength(char);
    if (bytes > maxBytes) break;
    name += char;
  }
  return name;
}
