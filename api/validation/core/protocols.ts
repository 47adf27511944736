/** Ports and protocols of services, endpoints and policies. Source: pkg/apis/core/validation/validation.go. */
import { type FieldError, type FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkPortName, checkPortNumber } from "../names.ts";

export const portProtocols: readonly string[] = ["SCTP", "TCP", "UDP"];

export function validatePortNumber(port: number | undefined, path: FieldPath): FieldError[] {
  return checkPortNumber(port ?? 0).map((problem) => invalid(path, port ?? 0, problem));
}

/** ValidatePortNumOrName. */
export function validatePortNumberOrName(port: number | string | undefined, path: FieldPath): FieldError[] {
  if (typeof port === "string") return invalidText(path, port, checkPortName(port));
  return validatePortNumber(port, path);
}

export function validateProtocol(protocol: string | undefined, path: FieldPath): FieldError[] {
  if (!protocol) return [required(path)];
  return portProtocols.includes(protocol) ? [] : [notSupported(path, protocol, portProtocols)];
}
