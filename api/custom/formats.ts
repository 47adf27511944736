/**
 * Formats of texts in schemas. Sources: k8s.io/kube-openapi/pkg/validation/strfmt, and formats.go of
 * k8s.io/apiextensions-apiserver/pkg/apiserver/validation for which of them count.
 */
import { GoUrlError, parseGoUrl } from "../go-url.ts";
import { parseCidr, parseIp } from "../ip.ts";
import { decodeBase64 } from "../schema/base64.ts";
import { parseDuration, TimeError } from "../time.ts";
import { isMailAddress } from "../validation/mail-address.ts";
import { checkDns1123Label, checkDns1123Subdomain } from "../validation/names.ts";
import { mapSchema } from "./each-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

type FormatCheck = (text: string) => boolean;

const matching =
  (pattern: RegExp): FormatCheck =>
  (text) =>
    pattern.test(text);

const hex = (lengths: string): RegExp => new RegExp(`^${lengths}$`, "i");
const uuid = (third: string, fourth: string): RegExp =>
  hex(`[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}`);
const anyFour = "[0-9a-f]{4}";

const creditCard =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;
const rgb = "([01]?[0-9]?[0-9]|2[0-4][0-9]|25[0-5])";

const checks: Readonly<Record<string, FormatCheck>> = {
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  uri: isRequestUri,
  email: isMailAddress,
  hostname: isHostname,
  ipv4: (text) => parseIp(text) !== undefined && text.includes("."),
  ipv6: (text) => parseIp(text) !== undefined && text.includes(":"),
  cidr: (text) => parseCidr(text) !== undefined,
  mac: isMac,
  uuid: matching(uuid(anyFour, anyFour)),
  uuid3: matching(uuid("3[0-9a-f]{3}", anyFour)),
  uuid4: matching(uuid("4[0-9a-f]{3}", "[89ab][0-9a-f]{3}")),
  uuid5: matching(uuid("5[0-9a-f]{3}", "[89ab][0-9a-f]{3}")),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: matching(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matching(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  rgbcolor: matching(new RegExp(`^rgb\\(\\s*${rgb}\\s*,\\s*${rgb}\\s*,\\s*${rgb}\\s*\\)$`)),
  byte: (text) => typeof decodeBase64(text) !== "number",
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => checkDns1123Label(text).length === 0,
  k8slongname: (text) => checkDns1123Subdomain(text).length === 0,
};

const normalized = (format: string): string => format.replaceAll("-", "");

/** The schema with those formats only that count for custom resources; defaults are held to all. */
export function withKnownFormats(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) => {
    const { format, ...rest } = part;
    const type = part["x-kubernetes-int-or-string"] ? "" : (part.type ?? "");
    return format && !isKnownFormat(format, type) ? rest : part;
  });
}

export function isKnownFormat(format: string, type: string): boolean {
  if (type === "" || type === "string") return Object.hasOwn(checks, normalized(format));
  if (type === "integer") return format === "int32" || format === "int64";
  return type === "number" && (format === "float" || format === "double");
}

/** Texts of a format that is not one of texts fit. */
export function fitsFormat(format: string, text: string): boolean {
  const name = normalized(format);
  return Object.hasOwn(checks, name) ? checks[name]!(text) : true;
}

function isRequestUri(text: string): boolean {
  // As net/url.ParseRequestURI: absolute, or a path.
  if (!/^([a-z][a-z0-9+.-]*:|\/)/i.test(text)) return false;
  try {
    parseGoUrl(text);
    return true;
  } catch (error) {
    if (error instanceof GoUrlError) return false;
    throw error;
  }
}

const hostLabel = /^[a-zA-Z0-9\p{S}\p{L}]([a-zA-Z0-9\p{S}\p{L}-]*[a-zA-Z0-9\p{S}\p{L}])?$/u;
const topLevel = /^[a-zA-Z\p{L}]{2,63}$/u;

function isHostname(text: string): boolean {
  if (Buffer.byteLength(text) > 255) return false;
  const labels = text.split(".");
  if (!labels.every((label) => Buffer.byteLength(label) <= 63 && hostLabel.test(label))) return false;
  // In a single label no more than one dash is taken, at its second place.
  if (labels.length === 1) return !text.slice(2).includes("-");
  return topLevel.test(labels.at(-1)!);
}

function isMac(text: string): boolean {
  const pairs = /^[0-9a-f]{2}(([:-])[0-9a-f]{2}(\2[0-9a-f]{2})*)$/i.test(text)
    ? text.split(/[:-]/).length
    : 0;
  const quads = /^[0-9a-f]{4}(\.[0-9a-f]{4})+$/i.test(text) ? text.split(".").length * 2 : 0;
  return [6, 8, 20].includes(pairs || quads);
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, at) => total + (10 - at) * (digit === "X" ? 10 : Number(digit)),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]+/g, "");
  if (!/^[0-9]{13}$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, at) => total + (at % 2 === 0 ? 1 : 3) * Number(digit), 0);
  return sum % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]+/g, "");
  if (!creditCard.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = at % 2 === 0 ? Number(digit) : Number(digit) * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** A day that there is: full-date of RFC 3339. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function isDateTime(text: string): boolean {
  const [date = "", time] = text.toLowerCase().split("t");
  if (text.length < 4 || time === undefined || !isDate(date)) return false;
  const parts = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$/.exec(time);
  return parts !== null && parts[1]! <= "23" && parts[2]! <= "59" && parts[3]! <= "59";
}

const scalaUnits = /^(ns|us|µs|ms|s|m|h|hr|d|w|wk)$|^(nano|micro|milli|sec|min|hour|day|week)/;

/** Go's durations, and anything that has one of Scala's in it. */
function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
  }
  return [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, unit]) => scalaUnits.test(unit!.toLowerCase()));
}
