/**
 * Windows containers.
 * Source: validateWindowsSecurityContextOptions and validateWindowsHostProcessPod in
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { PodSpec, WindowsOptions } from "../../core-types.ts";
import { type FieldError, type FieldPath, invalid, TypedText } from "../field.ts";
import { byteLength, checkDns1123Subdomain } from "../names.ts";
import { visitContainers } from "./visit-containers.ts";

const longestCredentialSpec = 64 * 1024;
const longestDomain = 256;
const longestUser = 104;

/** validateWindowsSecurityContextOptions. */
export function validateWindowsOptions(options: WindowsOptions, path: FieldPath): FieldError[] {
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  const errors: FieldError[] = [];
  const refuse = (field: string, value: string, problems: readonly string[]): void => {
    for (const problem of problems) errors.push(invalid(path.child(field), new TypedText(value), problem));
  };
  if (gmsaCredentialSpecName !== undefined) {
    refuse("gmsaCredentialSpecName", gmsaCredentialSpecName, checkDns1123Subdomain(gmsaCredentialSpecName));
  }
  if (gmsaCredentialSpec !== undefined) {
    if (gmsaCredentialSpec === "") {
      refuse("gmsaCredentialSpec", "", ["gmsaCredentialSpec cannot be an empty string"]);
    } else if (byteLength(gmsaCredentialSpec) > longestCredentialSpec) {
      refuse("gmsaCredentialSpec", gmsaCredentialSpec, ["gmsaCredentialSpec size must be under 64 KiB"]);
    }
  }
  if (runAsUserName !== undefined) refuse("runAsUserName", runAsUserName, checkUserName(runAsUserName));
  return errors;
}

function checkUserName(name: string): string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  if (/[\x00-\x1f\x7f]/.test(name)) return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const domain = parts.length === 2 ? parts[0]! : undefined;
  const domainProblems = domain === undefined ? [] : checkDomain(domain);
  return [...domainProblems, ...checkUser(parts.at(-1)!)];
}

const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/u;
const dnsLabel = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

function checkDomain(domain: string): string[] {
  const problems: string[] = [];
  if (byteLength(domain) >= longestDomain) {
    problems.push(`runAsUserName's Domain length must be under ${longestDomain} characters`);
  }
  if (!netBios.test(domain) && !domain.split(".").every((label) => dnsLabel.test(label))) {
    problems.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  return problems;
}

function checkUser(user: string): string[] {
  const problems: string[] = [];
  if (user === "") {
    problems.push("runAsUserName's User cannot be empty");
  } else if (byteLength(user) > longestUser) {
    problems.push(`runAsUserName's User length must not be longer than ${longestUser} characters`);
  }
  if (/^[. ]+$/.test(user)) problems.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    problems.push("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
  }
  return problems;
}

/** validateWindowsHostProcessPod: all containers of a pod are host processes, or none is. */
export function validateHostProcesses(spec: PodSpec, path: FieldPath): FieldError[] {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const errors: FieldError[] = [];
  let containers = 0;
  let hostProcesses = 0;
  visitContainers(spec, path, (container, at) => {
    containers++;
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (own !== undefined && ofPod !== undefined && own !== ofPod) {
      const detail = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.push(invalid(at.child("securityContext", "windowsOptions", "hostProcess"), own, detail));
    }
    if (own ?? ofPod) hostProcesses++;
  });
  if (hostProcesses === 0) return errors;
  if (hostProcesses !== containers) {
    const detail =
      "If pod contains any hostProcess containers then all containers must be HostProcess containers";
    errors.push(invalid(path, "", detail));
  }
  if (!spec.hostNetwork) {
    const detail = "hostNetwork must be true if pod contains any hostProcess containers";
    errors.push(invalid(path.child("hostNetwork"), false, detail));
  }
  return errors;
}
