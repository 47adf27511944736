/** Source: pkg/apis/networking/validation/validation.go. */
import { isIpv4, parseCidr } from "../../ip.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { validateCidr } from "../ip.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";

type ServiceCidr = ObjectOf<"io.k8s.api.networking.v1.ServiceCIDR">;

const cidrsPath = FieldPath.of("spec", "cidrs");

/** ValidateServiceCIDR. */
export function validateServiceCidr(serviceCidr: ServiceCidr): FieldError[] {
  return [
    ...validateObjectMeta(serviceCidr.metadata, false, nameIsDnsSubdomain),
    ...validateSpec(serviceCidr),
  ];
}

function validateSpec({ spec }: ServiceCidr): FieldError[] {
  const cidrs = spec?.cidrs ?? [];
  if (cidrs.length === 0) return [required(cidrsPath, "at least one CIDR required")];
  if (cidrs.length > 2) return [invalid(cidrsPath, { CIDRs: cidrs }, "may only hold up to 2 values")];
  const errors = cidrs.flatMap((cidr, index) => validateCidr(cidrsPath.index(index), cidr));
  const families = cidrs.map(familyOf);
  if (families.length === 2 && families[0] !== undefined && families[0] === families[1]) {
    const detail = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
    errors.push(invalid(cidrsPath, cidrs, detail));
  }
  return errors;
}

function familyOf(cidr: string): "IPv4" | "IPv6" | undefined {
  const block = parseCidr(cidr);
  return block && (isIpv4(block.network) ? "IPv4" : "IPv6");
}

/** ValidateServiceCIDRUpdate: a second block may be added, nothing else changes. */
export function validateServiceCidrUpdate(serviceCidr: ServiceCidr, old: ServiceCidr): FieldError[] {
  const errors = validateObjectMetaUpdate(serviceCidr.metadata, old.metadata);
  const cidrs = serviceCidr.spec?.cidrs ?? [];
  const before = old.spec?.cidrs ?? [];
  const extended = before.length === 1 && cidrs.length === 2;
  if (!extended && before.length !== cidrs.length) {
    return [...errors, invalid(cidrsPath, serviceCidr.spec?.cidrs, immutableError)];
  }
  before.forEach((cidr, index) => {
    if (cidr !== cidrs[index]) errors.push(invalid(cidrsPath.index(index), cidrs[index], immutableError));
  });
  return extended ? [...errors, ...validateSpec(serviceCidr)] : errors;
}

/** ValidateServiceCIDRStatusUpdate. */
export const validateServiceCidrStatusUpdate = (serviceCidr: ServiceCidr, old: ServiceCidr): FieldError[] =>
  validateObjectMetaUpdate(serviceCidr.metadata, old.metadata);
