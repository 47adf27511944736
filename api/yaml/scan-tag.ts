/** Tags and directives, as libyaml's scanner reads them. */
import { type Cursor, isBlank, isBlankOrEnd, isWord } from "./cursor.ts";

/** A tag: !, !suffix, !!suffix, !handle!suffix or !<suffix>. */
export function scanTag(cursor: Cursor): { value: string; suffix: string } {
  const { value, suffix } = scanTagParts(cursor);
  if (!isBlankOrEnd(cursor.code())) throw cursor.fault("did not find expected whitespace or line break");
  return { value, suffix };
}

function scanTagParts(cursor: Cursor): { value: string; suffix: string } {
  if (cursor.code(1) === 0x3c) {
    cursor.at += 2;
    const suffix = scanUri(cursor, "");
    if (cursor.code() !== 0x3e) throw cursor.fault("did not find the expected '>'");
    cursor.at++;
    return { value: "", suffix };
  }
  const handle = scanHandle(cursor, false);
  if (handle.length > 1 && handle.endsWith("!")) return { value: handle, suffix: scanUri(cursor, "") };
  const suffix = scanUri(cursor, handle);
  // A lone exclamation mark is a tag of its own.
  return suffix === "" ? { value: "", suffix: "!" } : { value: "!", suffix };
}

function scanHandle(cursor: Cursor, directive: boolean): string {
  if (cursor.code() !== 0x21) throw cursor.fault("did not find expected '!'");
  const start = cursor.at++;
  while (isWord(cursor.code())) cursor.at++;
  if (cursor.code() === 0x21) cursor.at++;
  else if (directive && cursor.at > start + 1) throw cursor.fault("did not find expected '!'");
  return cursor.text.slice(start, cursor.at);
}

const uri = /[\w\-;/?:@&=+$,.!~*'()[\]%]*/y;

/** @param head what was read as a handle and is none */
function scanUri(cursor: Cursor, head: string): string {
  uri.lastIndex = cursor.at;
  const [text = ""] = uri.exec(cursor.text) ?? [];
  if (text === "" && head === "") throw cursor.fault("did not find expected tag URI");
  cursor.at += text.length;
  try {
    return head.slice(1) + decodeURIComponent(text);
  } catch {
    throw cursor.fault("did not find URI escaped octet");
  }
}

interface Directive {
  type: "version directive" | "tag directive";
  value: string;
  suffix: string;
}

export function scanDirective(cursor: Cursor): Directive {
  const start = ++cursor.at;
  while (isWord(cursor.code())) cursor.at++;
  const name = cursor.text.slice(start, cursor.at);
  if (name === "") throw cursor.fault("could not find expected directive name");
  if (!isBlankOrEnd(cursor.code())) throw cursor.fault("found unexpected non-alphabetical character");
  if (name !== "YAML" && name !== "TAG") throw cursor.fault("found unknown directive name");
  cursor.skipBlanks();
  const directive: Directive =
    name === "YAML"
      ? { type: "version directive", value: scanVersion(cursor), suffix: "" }
      : { type: "tag directive", ...scanTagDirective(cursor) };
  cursor.takeRestOfLine();
  return directive;
}

function scanVersion(cursor: Cursor): string {
  const major = scanVersionNumber(cursor);
  if (cursor.code() !== 0x2e) throw cursor.fault("did not find expected digit or '.' character");
  cursor.at++;
  return `${major}.${scanVersionNumber(cursor)}`;
}

function scanVersionNumber(cursor: Cursor): number {
  const start = cursor.at;
  while (cursor.code() >= 0x30 && cursor.code() <= 0x39) {
    if (cursor.at - start === 2) throw cursor.fault("found extremely long version number");
    cursor.at++;
  }
  if (cursor.at === start) throw cursor.fault("did not find expected version number");
  return Number(cursor.text.slice(start, cursor.at));
}

function scanTagDirective(cursor: Cursor): { value: string; suffix: string } {
  const value = scanHandle(cursor, true);
  if (!isBlank(cursor.code())) throw cursor.fault("did not find expected whitespace");
  cursor.skipBlanks();
  const suffix = scanUri(cursor, "");
  if (!isBlankOrEnd(cursor.code())) throw cursor.fault("did not find expected whitespace or line break");
  return { value, suffix };
}
