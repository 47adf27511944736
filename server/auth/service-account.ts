/** Who a service account is as a user. Source: k8s.io/apiserver/pkg/authentication/serviceaccount. */
import { checkDns1123Label, checkDns1123Subdomain } from "../../api/validation/names.ts";

const userPrefix = "system:serviceaccount:";

export const serviceAccountUser = (namespace: string, name: string): string =>
  `${userPrefix}${namespace}:${name}`;

export const serviceAccountGroups = (namespace: string): string[] => [
  "system:serviceaccounts",
  `system:serviceaccounts:${namespace}`,
];

/** The account whose user name this is, if it is one. */
export function serviceAccountOf(userName: string): { namespace: string; name: string } | undefined {
  if (!userName.startsWith(userPrefix)) return undefined;
  const [namespace = "", name = "", more] = userName.slice(userPrefix.length).split(":");
  const valid =
    more === undefined &&
    checkDns1123Label(namespace).length === 0 &&
    checkDns1123Subdomain(name).length === 0;
  return valid ? { namespace, name } : undefined;
}
