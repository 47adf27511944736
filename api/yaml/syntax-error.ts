/**
 * What libyaml says about a text that is no YAML, derived from what the `yaml` package says: they find the same faults
 * and name them differently. Lines are given as go-yaml gives them: counted from zero by the parser, from one by the
 * scanner, and never the first.
 */
import type { YAMLParseError } from "yaml";

interface Fault {
  message: string;
  /** Counted from zero. */
  line: number;
  scanner: boolean;
}

export function libyamlMessage(text: string, error: YAMLParseError): string {
  const line = lineAt(text, error.pos[0]);
  const { message, ...fault } = findFault(text, error, line);
  if (fault.line === 0) return message;
  return `line ${fault.scanner ? fault.line + 1 : fault.line}: ${message}`;
}

function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** The line on which libyaml's stream ends: it makes the last line whole. */
function endLine(text: string): number {
  const breaks = lineAt(text, text.length);
  return text.endsWith("\n") ? breaks : breaks + 1;
}

function findFault(text: string, error: YAMLParseError, line: number): Fault {
  const parser = (message: string, at = line): Fault => ({ message, line: at, scanner: false });
  const scanner = (message: string, at = line): Fault => ({ message, line: at, scanner: true });
  const [offset] = error.pos;
  const says = (words: string): boolean => error.message.includes(words);
  switch (error.code) {
    case "TAB_AS_INDENT":
    case "BAD_SCALAR_START":
      return scanner("found character that cannot start any token");
    case "BAD_DQ_ESCAPE":
      return scanner(escapeFault(text.slice(offset, offset + 2)));
    case "BAD_ALIAS":
      return scanner("did not find expected alphabetic or numeric character");
    case "BLOCK_IN_FLOW":
      return parser(`did not find expected ',' or '${closingOf(text, offset)}'`);
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      if (text.startsWith("- ", offset)) return parser("did not find expected key");
      if (isAfterSibling(text, offset)) return scanner("could not find expected ':'", line + 1);
      return scanner(
        "mapping values are not allowed in this context",
        lineAt(text, colonAfter(text, offset)),
      );
    case "TAG_RESOLVE_FAILED":
      return scanner(says("Verbatim") ? "did not find the expected '>'" : "found undefined tag handle");
    case "MISSING_CHAR":
      return missing(text, error, line);
    case "BAD_INDENT":
      if (says("Flow")) return unclosedFlow(text, error, line);
      if (says("sequence") && !isUnindentedList(text, offset))
        return parser("did not find expected '-' indicator");
      return parser("did not find expected key");
    default:
      return unexpected(text, error, line);
  }
}

const escapeFault = (sequence: string): string =>
  /^\\[xuU]/.test(sequence) ? "did not find expected hexdecimal number" : "found unknown escape character";

function colonAfter(text: string, offset: number): number {
  const nested = /:(?=[ \t\r\n]|$)/g;
  nested.lastIndex = offset;
  return nested.exec(text)?.index ?? offset;
}

function missing(text: string, error: YAMLParseError, line: number): Fault {
  if (error.message.includes("quote")) {
    const found = text.search(/\n(?:---|\.\.\.)(?=\s|$)/);
    if (found !== -1)
      return { message: "found unexpected document indicator", line: lineAt(text, found + 1), scanner: true };
    return { message: "found unexpected end of stream", line: lineAt(text, text.length), scanner: true };
  }
  if (error.message.includes("Flow")) return unclosedFlow(text, error, line);
  if (error.message.includes("- indicator"))
    return { message: "did not find expected '-' indicator", line, scanner: false };
  if (isInFlow(text, error.pos[0])) return unclosedFlow(text, error, line);
  return { message: "could not find expected ':'", line: line + 1, scanner: true };
}

/** Roughly: brackets inside strings count too. */
function isInFlow(text: string, offset: number): boolean {
  const before = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const opening = Math.max(before.lastIndexOf("["), before.lastIndexOf("{"));
  return opening > Math.max(before.lastIndexOf("]"), before.lastIndexOf("}"));
}

const indentAt = (text: string, lineStart: number): number => text.slice(lineStart).search(/[^ ]|$/);

/** Whether a line above, with as much indentation and none with less between, has a key. */
function isAfterSibling(text: string, offset: number): boolean {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const indent = indentAt(text, start);
  if (start + indent !== offset) return false;
  for (let end = start - 1; end > 0; ) {
    const above = text.lastIndexOf("\n", end - 1) + 1;
    const other = indentAt(text, above);
    if (other === indent && /:(?:\s|$)/.test(text.slice(above, end))) return true;
    if (other < indent && text.slice(above, end).trim() !== "") return false;
    end = above - 1;
  }
  return false;
}

/** Whether the list above a dash that stands too far right is no further right than the key that has it. */
function isUnindentedList(text: string, offset: number): boolean {
  const dash = offset - text.lastIndexOf("\n", offset - 1) - 1;
  const lines = text.slice(0, offset).split("\n").slice(0, -1).reverse();
  const first = lines.findIndex((line) => /^ *- /.test(line) && line.indexOf("-") < dash);
  const list = lines[first]?.indexOf("-") ?? -1;
  const key = lines
    .slice(first + 1)
    .find((line) => line.trim() !== "" && !/^ *- /.test(line) && line.search(/\S/) <= list);
  return first !== -1 && key?.search(/\S/) === list;
}

function unclosedFlow(text: string, error: YAMLParseError, line: number): Fault {
  const [offset] = error.pos;
  const rest = text.slice(offset);
  if (text.slice(0, offset).trimEnd().endsWith(",") && /^\s*[}\]]/.test(rest))
    return { message: "did not find expected node content", line, scanner: false };
  const message = `did not find expected ',' or '${error.message.includes("sequence") ? "]" : closingOf(text, offset)}'`;
  if (rest.length > 1 && /[\]}]/.test(rest)) return { message, line, scanner: false };
  const colon = rest.search(/:(?:\s|$)/);
  return { message, line: colon === -1 ? endLine(text) : lineAt(text, offset + colon), scanner: false };
}

/** The bracket that closes the innermost flow collection around a place. */
function closingOf(text: string, offset: number): string {
  return text.lastIndexOf("[", offset) > text.lastIndexOf("{", offset) ? "]" : "}";
}

function unexpected(text: string, error: YAMLParseError, line: number): Fault {
  const says = (words: string): boolean => error.message.includes(words);
  if (says("block-seq-ind"))
    return { message: "block sequence entries are not allowed in this context", line, scanner: true };
  if (says("Block scalar header")) {
    const isZero = text[error.pos[0]] === "0" || text[error.pos[0] + 1] === "0";
    const message = isZero
      ? "found an indentation indicator equal to 0"
      : "did not find expected comment or line break";
    return { message, line, scanner: true };
  }
  const isFirst = text.slice(0, error.pos[0]).trim() === "";
  if (text[error.pos[0]] === "," || (isFirst && (says("flow-map-end") || says("flow-seq-end"))))
    return { message: "did not find expected node content", line, scanner: false };
  const isList = /^\s*-\s/.test(text);
  return {
    message: isList ? "did not find expected '-' indicator" : "did not find expected key",
    line,
    scanner: false,
  };
}
