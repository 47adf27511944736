/** Source: pkg/apis/apiserverinternal/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import { duplicate, type FieldError, FieldPath, invalid, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkQualifiedName,
  emptyError,
  nameIsDnsSubdomain,
  regexError,
} from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";

type StorageVersion = ObjectOf<"io.k8s.api.apiserverinternal.v1alpha1.StorageVersion">;
type ServerVersion = Schemas["io.k8s.api.apiserverinternal.v1alpha1.ServerStorageVersion"];
type Condition = Schemas["io.k8s.api.apiserverinternal.v1alpha1.StorageVersionCondition"];

const statusPath = FieldPath.of("status");

/** ValidateStorageVersion. */
export function validateStorageVersion(version: StorageVersion): FieldError[] {
  return [
    ...validateObjectMeta(version.metadata, false, checkName),
    ...validateStorageVersionStatus(version),
  ];
}

function checkName(name: string): string[] {
  const dot = name.lastIndexOf(".");
  if (dot < 0) return ["name must be in the form of <group>.<resource>"];
  return [
    ...checkDns1123Subdomain(name.slice(0, dot)).map((problem) => `the group segment ${problem}`),
    ...checkDns1035Label(name.slice(dot + 1)).map((problem) => `the resource segment ${problem}`),
  ];
}

/** ValidateStorageVersionStatusUpdate. */
export function validateStorageVersionStatus({ status }: StorageVersion): FieldError[] {
  const errors: FieldError[] = [];
  const servers = status.storageVersions ?? [];
  const seen = new Set<string>();
  servers.forEach((server, index) => {
    const path = statusPath.child("storageVersions").index(index);
    const { apiServerID: id = "" } = server;
    if (seen.has(id)) errors.push(duplicate(path.child("apiServerID"), id));
    seen.add(id);
    errors.push(...validateServerVersion(server, path));
  });
  errors.push(...validateCommonVersion(servers, status.commonEncodingVersion));
  errors.push(...validateConditions(status.conditions ?? []));
  return errors;
}

function validateServerVersion(server: ServerVersion, path: FieldPath): FieldError[] {
  const { apiServerID: id = "", encodingVersion = "", decodableVersions = [], servedVersions = [] } = server;
  const decodable = new Set(decodableVersions);
  const errors = invalidText(path.child("apiServerID"), id, nameIsDnsSubdomain(id, false));
  errors.push(...validateVersion(encodingVersion, path.child("encodingVersion")));
  const decodablePath = path.child("decodableVersions");
  decodableVersions.forEach((version, index) => {
    errors.push(...validateVersion(version, decodablePath.index(index)));
  });
  if (!decodable.has(encodingVersion)) {
    const detail = `decodableVersions must include encodingVersion ${encodingVersion}`;
    errors.push(invalid(decodablePath, server.decodableVersions, detail));
  }
  servedVersions.forEach((version, index) => {
    const at = path.child("servedVersions").index(index);
    errors.push(...validateVersion(version, at));
    if (decodable.has(version)) return;
    const all = `[${decodableVersions.join(" ")}]`;
    const detail = `individual served version : ${version} must be included in decodableVersions : ${all}`;
    errors.push(invalid(at, version, detail));
  });
  return errors;
}

function validateVersion(version: string, path: FieldPath): FieldError[] {
  const problems = apiVersionProblems(version);
  return problems.length === 0 ? [] : [invalid(path, version, problems.join(","))];
}

const versionSource = "[a-z]([-a-z0-9]*[a-z0-9])?";
const versionMessage =
  "a DNS-1035 label, which must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";

/** isValidAPIVersion. */
function apiVersionProblems(apiVersion: string): string[] {
  const parts = apiVersion.split("/");
  if (parts.length > 2) {
    const wanted = regexError(versionMessage, versionSource, "my-name", "abc-123");
    return [
      `an apiVersion is ${wanted} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyVersion')`,
    ];
  }
  const version = parts.at(-1) ?? "";
  const group = parts.length === 2 ? partProblems("group", parts[0] ?? "", checkDns1123Subdomain) : [];
  return [...group, ...partProblems("version", version, checkDns1035Label)];
}

function partProblems(name: string, text: string, check: (text: string) => readonly string[]): string[] {
  const problems = text === "" ? [emptyError] : check(text);
  return problems.map((problem) => `${name} part: ${problem}`);
}

function validateCommonVersion(servers: readonly ServerVersion[], common: string | undefined): FieldError[] {
  const path = statusPath.child("commonEncodingVersion");
  const versions = new Set(servers.map(({ encodingVersion = "" }) => encodingVersion));
  const [actual] = versions.size === 1 ? versions : [];
  if (actual === common) return [];
  if (actual === undefined) {
    const detail =
      "should be nil if servers do not agree on the same encoding version, or if there is no server reporting the supported versions yet";
    return [invalid(path, common, detail)];
  }
  const prefix = common === undefined ? "the common" : "the actual common";
  return [invalid(path, common, `${prefix} encoding version is ${actual}`)];
}

function validateConditions(conditions: readonly Condition[]): FieldError[] {
  const errors: FieldError[] = [];
  const places = new Map<string, number>();
  conditions.forEach(({ type = "", status = "", reason = "", message = "" }, index) => {
    // Upstream forgets the name of the list in these paths.
    const path = statusPath.index(index);
    const earlier = places.get(type);
    if (earlier !== undefined) {
      const detail = `the type of the condition is not unique, it also appears in conditions[${earlier}]`;
      errors.push(invalid(path.child("type"), type, detail));
    }
    places.set(type, index);
    errors.push(...invalidText(path.child("type"), type, checkQualifiedName(type)));
    errors.push(...invalidText(path.child("status"), status, checkQualifiedName(status)));
    if (reason === "") errors.push(required(path.child("reason")));
    if (message === "") errors.push(required(path.child("message")));
  });
  return errors;
}
