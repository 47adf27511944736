/** Source: IsProtectedCommunityGroup and GetAPIApprovalState in k8s.io/apiextensions-apiserver/pkg/apihelpers. */
import { goQuote } from "../go-format.ts";
import { GoUrlError, parseGoUrl } from "../go-url.ts";

export const approvalAnnotation = "api-approved.kubernetes.io";

export function isProtectedGroup(group: string): boolean {
  return ["k8s.io", "kubernetes.io"].some((domain) => group === domain || group.endsWith(`.${domain}`));
}

export interface ApiApproval {
  state: "missing" | "bypassed" | "approved" | "invalid";
  reason: string;
}

const see = "see https://github.com/kubernetes/enhancements/pull/1111";

export function apiApproval(annotations: Readonly<Record<string, string>> | undefined): ApiApproval {
  const annotation = annotations?.[approvalAnnotation] ?? "";
  const demand = `protected groups must have approval annotation ${goQuote(approvalAnnotation)}`;
  if (annotation === "") return { state: "missing", reason: `${demand}, ${see}` };
  if (annotation.startsWith("unapproved")) {
    return { state: "bypassed", reason: `not approved: ${goQuote(annotation)}` };
  }
  if (isFullUrl(annotation)) return { state: "approved", reason: `approved in ${annotation}` };
  const form = 'with either a URL or a reason starting with "unapproved"';
  return { state: "invalid", reason: `${demand} ${form}, ${see}` };
}

function isFullUrl(text: string): boolean {
  try {
    const { host, scheme } = parseGoUrl(text);
    return host !== "" && scheme !== "";
  } catch (error) {
    if (error instanceof GoUrlError) return false;
    throw error;
  }
}
