/** Names of signers and of their trust bundles. Source: k8s.io/kubernetes/pkg/apis/core/validation/names.go. */
import { goQuote } from "../../go-format.ts";
import { type FieldError, type FieldPath, invalid, required, tooLong } from "../field.ts";
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  dns1123LabelMaxLength,
  dns1123SubdomainMaxLength,
  isLongerThan,
  nameIsDnsSubdomain,
  type ObjectNameCheck,
} from "../names.ts";

/** Reserved by the Kubernetes project. */
export function isKubernetesSignerName(signerName: string): boolean {
  const host = signerName.split("/", 1)[0]!;
  return host === "kubernetes.io" || host.endsWith(".kubernetes.io");
}

/** ValidateSignerName: domain.example/path, each of bounded length. */
export function validateSignerName(signerName: string, path: FieldPath): FieldError[] {
  if (signerName === "") return [required(path)];
  const segments = signerName.split("/");
  if (segments.length !== 2) {
    const detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return [invalid(path, signerName, detail)];
  }
  const [domain, rest] = segments as [string, string];
  const errors: FieldError[] = [];
  if (isLongerThan(domain, dns1123SubdomainMaxLength)) errors.push(tooLong(path, dns1123SubdomainMaxLength));
  const labels = domain.split(".");
  errors.push(...validateLabelsOf(domain, labels, checkDns1123Label, path));
  if (labels.length < 2) {
    errors.push(invalid(path, domain, "should be a domain with at least two segments separated by dots"));
  }
  errors.push(...validateLabelsOf(rest, rest.split("."), checkDns1123Subdomain, path));
  const longestPath = dns1123SubdomainMaxLength + dns1123LabelMaxLength + 1;
  const longest = dns1123SubdomainMaxLength + longestPath + 1;
  if (isLongerThan(signerName, longest)) errors.push(tooLong(path, longest));
  return errors;
}

/** The problems of the first label that has any: those of the next ones would only repeat them. */
function validateLabelsOf(
  segment: string,
  labels: readonly string[],
  check: (label: string) => readonly string[],
  path: FieldPath,
): FieldError[] {
  for (const label of labels) {
    const problems = check(label);
    if (problems.length === 0) continue;
    return problems.map((problem) =>
      invalid(path, segment, `validating label ${goQuote(label)}: ${problem}`),
    );
  }
  return [];
}

/** ValidateClusterTrustBundleName: a bundle of a signer is named after it, others have no colon. */
export function clusterTrustBundleNameCheck(signerName: string): ObjectNameCheck {
  return (name, prefix) => {
    if (signerName === "") {
      if (!name.includes(":")) return nameIsDnsSubdomain(name, prefix);
      return ['ClusterTrustBundle without signer name must not have ":" in its name'];
    }
    const start = `${signerName.replaceAll("/", ":")}:`;
    if (name.startsWith(start)) return nameIsDnsSubdomain(name.slice(start.length), prefix);
    return [`ClusterTrustBundle for signerName ${signerName} must be named with prefix ${start}`];
  };
}

/** The signer that a bundle's name tells of; "" where it tells of none. */
export function signerNameOfTrustBundle(name: string): string {
  const colon = name.lastIndexOf(":");
  return colon < 0 ? "" : name.slice(0, colon).replaceAll(":", "/");
}
