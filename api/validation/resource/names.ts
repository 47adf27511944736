/** Names in resource.k8s.io. Source: pkg/apis/resource/validation/validation.go. */
import { goQuote } from "../../go-format.ts";
import { validateCsiDriverName } from "../core/csi-driver-name.ts";
import { type FieldError, type FieldPath, invalid, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import {
  byteLength,
  checkCIdentifier,
  checkDns1123Label,
  checkDns1123Subdomain,
  isLongerThan,
} from "../names.ts";

const maxPoolNameLength = 253;
const maxIdLength = 32;
/** domain "/" identifier */
export const maxQualifiedNameLength = 63 + 1 + maxIdLength;

export const validateDriverName = validateCsiDriverName;

/** Names of devices, requests and counters. */
export function validateLabelName(name: string | undefined, path: FieldPath): FieldError[] {
  return invalidText(path, name ?? "", checkDns1123Label(name ?? ""));
}

/** validatePoolName: DNS subdomains, separated by slashes. */
export function validatePoolName(name: string | undefined, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  const errors = isLongerThan(name, maxPoolNameLength) ? [tooLong(path, maxPoolNameLength)] : [];
  for (const part of name.split("/")) errors.push(...invalidText(path, part, checkDns1123Subdomain(part)));
  return errors;
}

/** validateDeviceClass: the name of one. */
export function validateDeviceClassName(name: string | undefined, path: FieldPath): FieldError[] {
  return name ? invalidText(path, name, checkDns1123Subdomain(name)) : [required(path)];
}

const hexDigits = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** uuid.Validate of github.com/google/uuid. */
function uuidProblem(text: string): string | undefined {
  const length = byteLength(text);
  const wrongFormat = "invalid UUID format";
  if (length === 32) return /^[0-9a-fA-F]{32}$/.test(text) ? undefined : wrongFormat;
  let uuid = text;
  if (length === 45) {
    if (text.slice(0, 9).toLowerCase() !== "urn:uuid:")
      return `invalid urn prefix: ${goQuote(text.slice(0, 9))}`;
    uuid = text.slice(9);
  } else if (length === 38) {
    if (!text.startsWith("{") || !text.endsWith("}")) return "invalid bracketed UUID format";
    uuid = text.slice(1, -1);
  } else if (length !== 36) {
    return `invalid UUID length: ${length}`;
  }
  const dashes = [8, 13, 18, 23].every((at) => uuid[at] === "-");
  const hex = hexDigits.every((at) => /^[0-9a-fA-F]{2}$/.test(uuid.slice(at, at + 2)));
  return dashes && hex ? undefined : wrongFormat;
}

/** validateUID. */
export function validateShareId(uid: string, path: FieldPath): FieldError[] {
  const problem = uuidProblem(uid);
  if (problem !== undefined) return [invalid(path, uid, `error validating uid: ${problem}`)];
  if (uid.length === 36 && uid === uid.toLowerCase()) return [];
  const detail =
    "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters";
  return [invalid(path, uid, detail)];
}

function validateIdentifier(id: string, path: FieldPath): FieldError[] {
  const errors = isLongerThan(id, maxIdLength) ? [tooLong(path, maxIdLength)] : [];
  return [...errors, ...invalidText(path, id, checkCIdentifier(id))];
}

/** validateQualifiedName: a C identifier, with a domain before it or without. */
export function validateQualifiedName(name: string, path: FieldPath): FieldError[] {
  const parts = name.split("/");
  if (parts.length === 1) return validateIdentifier(name, path);
  // Upstream lets names with more slashes pass.
  if (parts.length > 2) return [];
  const [domain = "", id = ""] = parts;
  return [
    ...(domain === ""
      ? [invalid(path, "", "the domain must not be empty")]
      : validateDriverName(domain, path)),
    ...(id === "" ? [invalid(path, "", "the name must not be empty")] : validateIdentifier(id, path)),
  ];
}

/** validateFullyQualifiedName. */
export function validateFullyQualifiedName(name: string, path: FieldPath): FieldError[] {
  const errors = validateQualifiedName(name, path);
  if (name.includes("/")) return errors;
  const detail = "a fully qualified name must be a domain and a name separated by a slash";
  return [...errors, invalid(path, name, detail)];
}
