/** Users whom a proxy has logged in and names in headers. Source: k8s.io/apiserver/pkg/authentication/request/headerrequest. */
import type { Authenticator, RequestHeaders } from "./authenticator.ts";
import type { UserInfo } from "./user.ts";

export interface RequestHeaderNames {
  /** Common names of proxies; none: any. */
  allowedNames: readonly string[];
  usernameHeaders: readonly string[];
  uidHeaders: readonly string[];
  groupHeaders: readonly string[];
  extraHeaderPrefixes: readonly string[];
}

export function requestHeaderAuthenticator(names: RequestHeaderNames): Authenticator {
  const { allowedNames } = names;
  return {
    authenticate({ proxyName, headers = {} }) {
      if (proxyName === undefined) return undefined;
      if (allowedNames.length > 0 && !allowedNames.includes(proxyName))
        return { problem: `x509: subject with cn=${proxyName} is not in the allowed list` };
      const user = userOf(headers, names);
      return user && { user };
    },
  };
}

function userOf(headers: RequestHeaders, names: RequestHeaderNames): UserInfo | undefined {
  const values = (header: string): readonly string[] => headers[header.trim().toLowerCase()] ?? [];
  const first = (all: readonly string[]) => all.map((header) => values(header)[0] ?? "").find(Boolean);
  const name = first(names.usernameHeaders);
  if (name === undefined) return undefined;
  const uid = first(names.uidHeaders);
  return {
    name,
    groups: names.groupHeaders.flatMap(values).filter((group) => group !== ""),
    ...(uid === undefined ? {} : { uid }),
    ...extraOf(headers, names.extraHeaderPrefixes),
  };
}

function extraOf(headers: RequestHeaders, prefixes: readonly string[]): Pick<UserInfo, "extra"> {
  const extra = new Map<string, string[]>();
  for (const prefix of prefixes.map((text) => text.trim().toLowerCase())) {
    for (const [header, values = []] of Object.entries(headers)) {
      if (!header.startsWith(prefix)) continue;
      const key = unescaped(header.slice(prefix.length));
      extra.set(key, [...(extra.get(key) ?? []), ...values]);
    }
  }
  return extra.size === 0 ? {} : { extra: Object.fromEntries(extra) };
}

/** What cannot be decoded stays as it is. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
