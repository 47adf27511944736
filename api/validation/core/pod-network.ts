/**
 * A pod's place in the network.
 * Source: validatePodDNSConfig, validateHostUsers, validatePodHostName and ValidateHostAliases in
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { PodSpec } from "../../core-types.ts";
import { type FieldError, type FieldPath, forbidden, invalid, required, tooLong } from "../field.ts";
import { validateLegacyIp } from "../ip.ts";
import { byteLength, isLongerThan } from "../names.ts";
import { validateDns1123Subdomain, validateDns1123SubdomainWithUnderscore } from "./names.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { visitContainers } from "./visit-containers.ts";

const mostNameservers = 3;
const mostSearches = 32;
const mostSearchCharacters = 2048;

/** validatePodDNSConfig. */
export function validatePodDns(spec: PodSpec, path: FieldPath, options: PodValidationOptions): FieldError[] {
  const config = spec.dnsConfig;
  if (spec.dnsPolicy === "None") {
    if (!config) return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if (!config.nameservers?.length) {
      const detail = "must provide at least one DNS nameserver when `dnsPolicy` is None";
      return [required(path.child("nameservers"), detail)];
    }
  }
  if (!config) return [];
  const { nameservers = [], searches = [] } = config;
  const errors: FieldError[] = [];
  if (nameservers.length > mostNameservers) {
    const detail = `must not have more than ${mostNameservers} nameservers`;
    errors.push(invalid(path.child("nameservers"), nameservers, detail));
  }
  nameservers.forEach((nameserver, index) => {
    const at = path.child("nameservers").index(index);
    errors.push(...validateLegacyIp(at, nameserver, { strict: options.strictIps }));
  });
  errors.push(...validateSearches(searches, path.child("searches")));
  config.options?.forEach(({ name }, index) => {
    if (!name) errors.push(required(path.child("options").index(index), "must not be empty"));
  });
  return errors;
}

function validateSearches(searches: readonly string[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (searches.length > mostSearches) {
    errors.push(invalid(path, searches, `must not have more than ${mostSearches} search paths`));
  }
  if (byteLength(searches.join(" ")) > mostSearchCharacters) {
    const detail = `must not have more than ${mostSearchCharacters} characters (including spaces) in the search list`;
    errors.push(invalid(path, searches, detail));
  }
  searches.forEach((search, index) => {
    if (search === ".") return;
    const domain = search.endsWith(".") ? search.slice(0, -1) : search;
    errors.push(...validateDns1123SubdomainWithUnderscore(domain, path.index(index)));
  });
  return errors;
}

/** validateHostUsers: a pod with users of its own shares nothing of the host's. */
export function validateHostUsers(
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const detail = "when `hostUsers` is false";
  const errors: FieldError[] = [];
  if (spec.hostNetwork && !options.allowHostUsersWithHostNetwork) {
    errors.push(forbidden(path.child("hostNetwork"), detail));
  }
  // These two fields are named in the way of Go.
  if (spec.hostPID) errors.push(forbidden(path.child("HostPID"), detail));
  if (spec.hostIPC) errors.push(forbidden(path.child("HostIPC"), detail));
  if (options.allowHostUsersWithVolumeDevices) return errors;
  visitContainers(spec, path, ({ volumeDevices }, at) => {
    if (volumeDevices?.length) errors.push(forbidden(at.child("volumeDevices"), detail));
  });
  return errors;
}

const longestHostname = 64;

/** validatePodHostName. */
export function validateHostName(spec: PodSpec, specPath: FieldPath): FieldError[] {
  const name = spec.hostnameOverride;
  if (name === undefined) return [];
  const path = specPath.child("hostnameOverride");
  const errors: FieldError[] = [];
  if (spec.setHostnameAsFQDN) {
    errors.push(forbidden(path, "may not be specified when setHostnameAsFQDN is true"));
  }
  if (spec.hostNetwork) errors.push(forbidden(path, "may not be specified when hostNetwork is true"));
  if (isLongerThan(name, longestHostname)) errors.push(tooLong(path, longestHostname));
  return [...errors, ...validateDns1123Subdomain(name, path)];
}

/** ValidateHostAliases. */
export function validateHostAliases(
  aliases: NonNullable<PodSpec["hostAliases"]>,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  return aliases.flatMap(({ ip = "", hostnames = [] }, index) => [
    ...validateLegacyIp(path.index(index).child("ip"), ip, { strict: options.strictIps }),
    ...hostnames.flatMap((hostname, at) =>
      validateDns1123Subdomain(hostname, path.index(index).child("hostnames").index(at)),
    ),
  ]);
}
