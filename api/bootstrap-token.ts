import type { KubeObject } from "./object.ts";

export const secretsResource = { group: "", version: "v1", resource: "secrets" } as const;

export interface Secret extends KubeObject {
  type?: string;
  data?: Readonly<Record<string, string>>;
}

export const isBootstrapToken = ({ type, metadata }: Secret): boolean =>
  type === "bootstrap.kubernetes.io/token" && metadata.namespace === "kube-system";

export const dataOf = ({ data }: Secret, key: string): string =>
  Buffer.from(data?.[key] ?? "", "base64").toString();

/** Milliseconds until it is over, none when it never is; what cannot be read is over. Source: GetExpiration. */
export function timeLeft(secret: Secret, now: number): number | undefined {
  const text = dataOf(secret, "expiration");
  if (text === "") return undefined;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  return isTime ? Math.max(Date.parse(text) - now, 0) || 0 : 0;
}
