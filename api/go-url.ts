/** URLs as Go's net/url parses them, with its error texts. */
import { goQuote } from "./go-format.ts";

export class GoUrlError extends Error {
  override readonly name = "GoUrlError";
}

export interface GoUrl {
  scheme: string;
  /** host or host:port. */
  host: string;
  /** "user:password"; undefined where there is none. */
  user: string | undefined;
  path: string;
  rawQuery: string;
  fragment: string;
}

/** url.Parse. Throws a GoUrlError. */
export function parseGoUrl(text: string): GoUrl {
  const hash = text.indexOf("#");
  const fragment = hash < 0 ? "" : text.slice(hash + 1);
  const rest = hash < 0 ? text : text.slice(0, hash);
  const fail = (problem: string, subject = text): never => {
    throw new GoUrlError(`parse ${goQuote(subject)}: ${problem}`);
  };
  const url = parseReference(rest, (problem) => fail(problem, rest));
  const wrong = wrongEscape(fragment, "fragment");
  if (wrong !== undefined) fail(wrong);
  return { ...url, fragment: unescapeText(fragment) };
}

type Fail = (problem: string) => never;

function parseReference(text: string, fail: Fail): Omit<GoUrl, "fragment"> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused.
  if (/[\x00-\x1f\x7f]/.test(text)) fail("net/url: invalid control character in URL");
  const url = { scheme: "", host: "", user: undefined as string | undefined, path: "", rawQuery: "" };
  if (text === "*") return { ...url, path: "*" };
  let rest = text;
  const scheme = schemeOf(text, fail);
  if (scheme !== undefined) {
    url.scheme = scheme.toLowerCase();
    rest = text.slice(scheme.length + 1);
  }
  const question = rest.indexOf("?");
  if (question >= 0) {
    url.rawQuery = rest.slice(question + 1);
    rest = rest.slice(0, question);
  }
  if (!rest.startsWith("/")) {
    // An opaque URL, such as mailto:x.
    if (url.scheme !== "") return url;
    if (rest.split("/", 1)[0]!.includes(":")) fail("first path segment in URL cannot contain colon");
  }
  if (rest.startsWith("//") && (url.scheme !== "" || !rest.startsWith("///"))) {
    const slash = rest.indexOf("/", 2);
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    rest = slash < 0 ? "" : rest.slice(slash);
    Object.assign(url, parseAuthority(authority, fail));
  }
  const wrong = wrongEscape(rest, "path");
  if (wrong !== undefined) fail(wrong);
  url.path = unescapeText(rest);
  return url;
}

/** The text before the first colon, where it is a scheme. */
function schemeOf(text: string, fail: Fail): string | undefined {
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (/[a-zA-Z]/.test(char)) continue;
    if (/[0-9+.-]/.test(char)) {
      if (i === 0) return undefined;
      continue;
    }
    if (char !== ":") return undefined;
    if (i === 0) fail("missing protocol scheme");
    return text.slice(0, i);
  }
  return undefined;
}

function parseAuthority(authority: string, fail: Fail): { host: string; user: string | undefined } {
  const at = authority.lastIndexOf("@");
  const host = parseHost(authority.slice(at + 1), fail);
  if (at < 0) return { host, user: undefined };
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) fail("net/url: invalid userinfo");
  const wrong = wrongEscape(user, "userPassword");
  if (wrong !== undefined) fail(wrong);
  return { host, user };
}

function parseHost(host: string, fail: Fail): string {
  if (host.startsWith("[")) {
    const close = host.lastIndexOf("]");
    if (close < 0) fail("missing ']' in host");
    checkPort(host.slice(close + 1), fail);
  } else {
    const colon = host.lastIndexOf(":");
    if (colon >= 0) checkPort(host.slice(colon), fail);
  }
  const wrong = wrongEscape(host, "host");
  if (wrong !== undefined) fail(wrong);
  return unescapeText(host);
}

function checkPort(port: string, fail: Fail): void {
  if (port === "" || /^:[0-9]*$/.test(port)) return;
  fail(`invalid port ${goQuote(port)} after host`);
}

function wrongEscape(text: string, part: "path" | "fragment" | "host" | "userPassword"): string | undefined {
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === "%") {
      const coded = text.slice(i, i + 3);
      if (!/^%[0-9a-fA-F]{2}$/.test(coded)) return `invalid URL escape ${goQuote(coded)}`;
      // Only bytes beyond ASCII may be escaped in a host, and %25 in a zone.
      if (part === "host" && Number.parseInt(coded.slice(1), 16) < 0x80 && coded !== "%25") {
        return `invalid URL escape ${goQuote(coded)}`;
      }
      i += 2;
    } else if (part === "host" && char < "\x80" && !/[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/.test(char)) {
      return `invalid character ${goQuote(char)} in host name`;
    }
  }
  return undefined;
}

function unescapeText(text: string): string {
  if (!text.includes("%")) return text;
  const bytes = text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
