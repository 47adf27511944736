/** clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy of a Service. Source: pkg/apis/core/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { isIpv4, parseIp } from "../../ip.ts";
import type { ObjectOf } from "../../object-of.ts";
import { isHeadless } from "../../service-facts.ts";
import { duplicate, type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { validateLegacyIp } from "../ip.ts";

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;

const spec = FieldPath.of("spec");
const clusterIPsPath = spec.child("clusterIPs");
const ipFamiliesPath = spec.child("ipFamilies");
const ipFamilyPolicyPath = spec.child("ipFamilyPolicy");

const families = ["IPv4", "IPv6"];
const policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

/** ValidateServiceClusterIPsRelatedFields. Allocation also asks it, before it fills anything in. */
export function validateServiceClusterIps(
  service: Service,
  old: Service | undefined,
  gates: FeatureGates,
): FieldError[] {
  if (service.spec?.type === "ExternalName") return [];
  const { clusterIP = "", clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = service.spec ?? {};
  const errors = validateInSync(clusterIP, service.spec?.clusterIPs);
  errors.push(...validateFamilies(ipFamilies));
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy)) {
    errors.push(notSupported(ipFamilyPolicyPath, ipFamilyPolicy, policies));
  }
  const options = { strict: gates.enabled("StrictIPCIDRValidation"), validOld: old?.spec?.clusterIPs };
  let wrong = false;
  clusterIPs.forEach((ip, index) => {
    const found =
      index === 0 && ip === "None"
        ? clusterIPs.length > 1
          ? [invalid(clusterIPsPath, clusterIPs, "'None' must be the first and only value")]
          : []
        : validateLegacyIp(clusterIPsPath.index(index), ip, options);
    wrong ||= found.length > 0;
    errors.push(...found);
  });
  if (clusterIPs.length > 2) errors.push(invalid(clusterIPsPath, clusterIPs, "may only hold up to 2 values"));
  // Wrong addresses would only lead to more errors.
  if (wrong) return errors;
  if (clusterIPs.length > 1) errors.push(...validateDualStack(clusterIPs));
  if (!isHeadless(service)) errors.push(...validateFamiliesMatch(clusterIPs, ipFamilies));
  return errors;
}

function validateInSync(clusterIP: string, clusterIPs: readonly string[] | undefined): FieldError[] {
  const first = clusterIPs?.[0];
  if (clusterIP === "") {
    if (first === undefined) return [];
    return [invalid(clusterIPsPath, clusterIPs, "must be empty when `clusterIP` is not specified")];
  }
  if (first === undefined) return [required(clusterIPsPath)];
  return first === clusterIP
    ? []
    : [invalid(clusterIPsPath, clusterIPs, "first value must match `clusterIP`")];
}

function validateFamilies(ipFamilies: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  ipFamilies.forEach((family, index) => {
    const path = ipFamiliesPath.index(index);
    if (!families.includes(family)) errors.push(notSupported(path, family, families));
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(path, family));
  });
  return errors;
}

/** IsIPv6String. */
function isIpv6(text: string): boolean {
  const ip = parseIp(text);
  return ip !== undefined && !isIpv4(ip.bytes);
}

function validateDualStack(clusterIPs: readonly string[]): FieldError[] {
  const six = clusterIPs.filter(isIpv6).length;
  if (six > 0 && six < clusterIPs.length) return [];
  return [invalid(clusterIPsPath, clusterIPs, "may specify no more than one IP for each IP family")];
}

function validateFamiliesMatch(clusterIPs: readonly string[], ipFamilies: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  clusterIPs.slice(0, ipFamilies.length).forEach((ip, index) => {
    const six = isIpv6(ip);
    const family = ipFamilies[index];
    if ((family === "IPv4" && six) || (family === "IPv6" && !six)) {
      const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
      errors.push(invalid(clusterIPsPath.index(index), ip, detail));
    }
  });
  return errors;
}

const unchangeable = "may not change once set";

/** validateUpgradeDowngradeClusterIPs: a second address may come and go, the first stays. */
export function validateClusterIpChange(service: Service, old: Service): FieldError[] {
  if (service.spec?.type === "ExternalName" || old.spec?.type === "ExternalName") return [];
  if (isHeadless(old) && isHeadless(service)) return [];
  const before = old.spec?.clusterIPs ?? [];
  const now = service.spec?.clusterIPs ?? [];
  const given = service.spec?.clusterIPs;
  const changed = (index: number): FieldError => invalid(clusterIPsPath.index(index), given, unchangeable);
  if (before.length === now.length) {
    return before.flatMap((ip, index) => (ip === now[index] ? [] : [changed(index)]));
  }
  const errors: FieldError[] = [];
  if (before.length > now.length && now.length === 0) {
    errors.push(invalid(clusterIPsPath.index(0), given, "primary clusterIP can not be unset"));
  }
  if (before.length > 0 && now.length > 0 && now[0] !== before[0]) errors.push(changed(0));
  if (before.length > now.length && now.length === 1) {
    errors.push(...requireSingleStack(service, "secondary clusterIP"));
  }
  return errors;
}

/** validateUpgradeDowngradeIPFamilies. */
export function validateIpFamilyChange(service: Service, old: Service): FieldError[] {
  if (service.spec?.type === "ExternalName" || old.spec?.type === "ExternalName") return [];
  if (isHeadless(service) || isHeadless(old)) return [];
  const before = old.spec?.ipFamilies ?? [];
  const now = service.spec?.ipFamilies ?? [];
  const { ipFamilies, clusterIPs } = service.spec ?? {};
  const path = ipFamiliesPath.index(0);
  if (before.length === now.length) {
    return before.flatMap((family, index) =>
      family === now[index] ? [] : [invalid(path, ipFamilies, unchangeable)],
    );
  }
  const errors: FieldError[] = [];
  if (before.length > now.length && !clusterIPs?.length) {
    errors.push(invalid(path, ipFamilies, "primary ipFamily can not be unset"));
  }
  if (before.length > 0 && now.length > 0 && now[0] !== before[0]) {
    // Upstream shows the addresses here.
    errors.push(invalid(path, clusterIPs, unchangeable));
  }
  if (before.length > now.length && now.length === 1) {
    errors.push(...requireSingleStack(service, "secondary ipFamily"));
  }
  return errors;
}

function requireSingleStack({ spec: own }: Service, what: string): FieldError[] {
  if (own?.ipFamilyPolicy === "SingleStack") return [];
  const detail = `must be set to 'SingleStack' when releasing the ${what}`;
  return [invalid(ipFamilyPolicyPath, own?.ipFamilyPolicy, detail)];
}
