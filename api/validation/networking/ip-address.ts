/** Source: pkg/apis/networking/validation/validation.go. */
import { goQuote } from "../../go-format.ts";
import { goString, goValue } from "../../go-value.ts";
import { formatIp, isMappedIpv4, parseIp } from "../../ip.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkDns1123Subdomain, checkPathSegmentName } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";

type IpAddress = ObjectOf<"io.k8s.api.networking.v1.IPAddress">;

const parentPath = FieldPath.of("spec", "parentRef");

/** ValidateIPAddressName: the canonical text of an address. */
function checkIpAddressName(name: string): readonly string[] {
  const ip = parseIp(name);
  if (!ip) return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
  if (!ip.strict) return ["must not have leading 0s"];
  if (isMappedIpv4(ip)) return ["must not be an IPv4-mapped IPv6 address"];
  const canonical = formatIp(ip.bytes);
  return name === canonical ? [] : [`must be in canonical form (${goQuote(canonical)})`];
}

/** ValidateIPAddress. */
export function validateIpAddress({ metadata, spec }: IpAddress): FieldError[] {
  const errors = validateObjectMeta(metadata, false, checkIpAddressName);
  const parent = spec?.parentRef;
  if (!parent) return [...errors, required(parentPath)];
  const { group = "", resource = "", name = "", namespace = "" } = parent;
  // The core group, to which services belong, is the empty text.
  if (group !== "")
    errors.push(...invalidText(parentPath.child("group"), group, checkDns1123Subdomain(group)));
  if (resource === "") errors.push(required(parentPath.child("resource")));
  else errors.push(...invalidText(parentPath.child("resource"), resource, checkPathSegmentName(resource)));
  if (name === "") errors.push(required(parentPath.child("name")));
  else errors.push(...invalidText(parentPath.child("name"), name, checkPathSegmentName(name)));
  errors.push(...invalidText(parentPath.child("namespace"), namespace, checkPathSegmentName(namespace)));
  return errors;
}

const goParentReference = {
  Group: goString("group"),
  Resource: goString("resource"),
  Namespace: goString("namespace"),
  Name: goString("name"),
};

/** What the strategy's ValidateUpdate checks. */
export function validateIpAddressUpdate(address: IpAddress, old: IpAddress): FieldError[] {
  const errors = validateIpAddress(address);
  errors.push(...validateObjectMetaUpdate(address.metadata, old.metadata));
  const parent = address.spec?.parentRef;
  if (!semanticEqual(parent, old.spec?.parentRef)) {
    errors.push(invalid(parentPath, parent && goValue(goParentReference, parent), immutableError));
  }
  return errors;
}
