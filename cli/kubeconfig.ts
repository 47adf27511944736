import type { KeyAndCertificate } from "./pki/certificate.ts";

export interface KubeconfigFacts {
  /** Name of the cluster, user and context. */
  name: string;
  url: string;
  /** PEM. */
  authority: string;
  user: KeyAndCertificate;
}

/** A kubeconfig with one cluster, user and context. https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
export function kubeconfig({ name, url, authority, user }: KubeconfigFacts): string {
  const quoted = /^[a-z][\w-]*$/.test(name) ? name : JSON.stringify(name);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return `apiVersion: v1
kind: Config
current-context: ${quoted}
clusters:
- name: ${quoted}
  cluster:
    server: ${url}
    certificate-authority-data: ${base64(authority)}
users:
- name: ${quoted}
  user:
    client-certificate-data: ${base64(user.certificate)}
    client-key-data: ${base64(user.key)}
contexts:
- name: ${quoted}
  context:
    cluster: ${quoted}
    user: ${quoted}
`;
}
