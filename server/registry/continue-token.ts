import { JsonError, parseJson } from "../../api/json.ts";
import { badRequest } from "../../api/status.ts";

export interface Continuation {
  /** Key to start after. */
  after: string;
  /** Revision of the first chunk; undefined: go on at the newest, inconsistently. */
  revision: number | undefined;
}

const version = "meta.k8s.io/v1";

/** The continue token after lastKey. Source: storage.EncodeContinue. */
export function encodeContinue(lastKey: string, prefix: string, revision: number | undefined): string {
  const token = { v: version, rv: revision ?? -1, start: `${lastKey.slice(prefix.length)}\u0000` };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** Reads a token back, BadRequest for anything that is none. Source: storage.DecodeContinue. */
export function decodeContinue(token: string, prefix: string): Continuation {
  const refuse = (reason: string): never => {
    throw badRequest(`invalid continue token: continue key is not valid${reason}`);
  };
  const bad = token.search(/[^A-Za-z0-9_-]/);
  const end = token.length % 4 === 1 ? token.length - 1 : -1;
  if (bad >= 0 || end >= 0) refuse(`: illegal base64 data at input byte ${bad >= 0 ? bad : end}`);
  const { v, rv, start } = parseToken(Buffer.from(token, "base64url").toString(), refuse);
  if (v !== version) refuse(`: server does not recognize this encoded version ${v ?? ""}`);
  if (!rv) refuse(`: incorrect encoded start resourceVersion (version ${version})`);
  if (!start) refuse(`: encoded start key empty (version ${version})`);
  const key = start!.startsWith("/") ? start! : `/${start}`;
  // A cleaned path cannot leave the prefix.
  if (key.split("/").some((part, i) => i > 0 && (part === "" || part === "." || part === ".."))) {
    refuse(`: ${start}`);
  }
  const after = prefix + key.slice(1);
  // Our stores start after a key; the token names the least key that comes after it.
  return {
    after: after.endsWith("\u0000") ? after.slice(0, -1) : after,
    revision: rv! > 0 ? rv : undefined,
  };
}

function parseToken(
  text: string,
  refuse: (reason: string) => never,
): { v?: string; rv?: number; start?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse(`: ${goSyntaxError(text)}`);
  }
  if (typeof value !== "object" || value === null) refuse(": json: cannot unmarshal token");
  const { v, rv, start } = value as Record<string, unknown>;
  return {
    ...(typeof v === "string" ? { v } : {}),
    ...(typeof rv === "number" && Number.isSafeInteger(rv) ? { rv } : {}),
    ...(typeof start === "string" ? { start } : {}),
  };
}

/** What encoding/json says about it. */
function goSyntaxError(text: string): string {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error.message;
    throw error;
  }
  return "json: cannot unmarshal token";
}
