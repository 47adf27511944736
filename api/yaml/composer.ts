/** The nodes of a YAML document, as libyaml's parser and go-yaml find them, errors included. */
import { keptDepth } from "../json-depth.ts";
import { Scanner, type Token, type TokenType } from "./scanner.ts";
import { faultAt, tooDeep, YamlError } from "./yaml-error.ts";

export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

interface NodeBase {
  /** Counted from zero. */
  readonly line: number;
}

export interface ScalarNode extends NodeBase {
  readonly kind: "scalar";
  readonly text: string;
  /** Written without quotes and tag: what it means depends on what it says. */
  readonly plain: boolean;
  /** The whole tag, or "". */
  readonly tag: string;
}

export interface SequenceNode extends NodeBase {
  readonly kind: "sequence";
  readonly items: YamlNode[];
}

export interface MappingNode extends NodeBase {
  readonly kind: "mapping";
  readonly entries: [key: YamlNode, value: YamlNode][];
}

export interface AliasNode extends NodeBase {
  readonly kind: "alias";
  readonly name: string;
  readonly target: YamlNode;
}

/** The first document of a text; undefined where there is none. */
export function composeFirst(text: string): YamlNode | undefined {
  return new Composer(text).document();
}

interface Properties {
  line: number;
  anchor: string;
  tag: string;
}

const defaultHandles: readonly (readonly [string, string])[] = [
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
];

const documentEnds: readonly TokenType[] = [
  "version directive",
  "tag directive",
  "document start",
  "document end",
  "stream end",
];

class Composer {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #handles = new Map<string, string>();
  #depth = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  document(): YamlNode | undefined {
    if (this.#next() === "stream end") return undefined;
    const directives = this.#directives();
    const explicit = this.#takeIf("document start");
    if (directives && !explicit) throw this.#fault("did not find expected <document start>");
    const isEmpty = explicit && documentEnds.includes(this.#next());
    const node = isEmpty ? this.#emptyScalar(this.#peek().line) : this.#node(true, false);
    // go-yaml looks for the end of the document, which is wherever the next token does not fit.
    this.#peek();
    return node;
  }

  #directives(): boolean {
    let version = false;
    let any = false;
    for (; ; any = true) {
      const token = this.#peek();
      if (token.type === "version directive") {
        if (version) throw this.#fault("found duplicate %YAML directive");
        if (token.value !== "1.1") throw this.#fault("found incompatible YAML document");
        version = true;
      } else if (token.type === "tag directive") {
        if (this.#handles.has(token.value)) throw this.#fault("found duplicate %TAG directive");
        this.#handles.set(token.value, token.suffix);
      } else break;
      this.#scanner.take();
    }
    for (const [handle, prefix] of defaultHandles)
      if (!this.#handles.has(handle)) this.#handles.set(handle, prefix);
    return any;
  }

  #peek(): Token {
    return this.#scanner.peek();
  }

  #next(): TokenType {
    return this.#scanner.peek().type;
  }

  #takeIf(type: TokenType): boolean {
    if (this.#next() !== type) return false;
    this.#scanner.take();
    return true;
  }

  /** @param context where the collection starts: its line is named where the fault is on the first */
  #fault(message: string, context = 0): YamlError {
    const { line } = this.#peek();
    return faultAt(message, line === 0 ? context : line, "parser");
  }

  #node(block: boolean, indentless: boolean): YamlNode {
    if (++this.#depth > keptDepth) throw tooDeep();
    const node =
      this.#next() === "alias" ? this.#alias() : this.#content(block, indentless, this.#properties());
    this.#depth--;
    return node;
  }

  #alias(): AliasNode {
    const { value: name, line } = this.#scanner.take();
    const target = this.#anchors.get(name);
    if (!target) throw new YamlError(`yaml: unknown anchor '${name}' referenced`);
    return { kind: "alias", name, target, line };
  }

  /** An anchor and a tag, in any order. */
  #properties(): Properties {
    const { line, type } = this.#peek();
    let anchor = "";
    let tag: Token | undefined;
    if (type === "anchor") anchor = this.#scanner.take().value;
    if (this.#next() === "tag") tag = this.#scanner.take();
    if (anchor === "" && this.#next() === "anchor") anchor = this.#scanner.take().value;
    return { line, anchor, tag: tag ? this.#resolveTag(tag, line) : "" };
  }

  #resolveTag({ value: handle, suffix, line }: Token, nodeLine: number): string {
    if (handle === "") return suffix;
    const prefix = this.#handles.get(handle);
    if (prefix === undefined)
      throw faultAt("found undefined tag handle", line === 0 ? nodeLine : line, "parser");
    return prefix + suffix;
  }

  #content(block: boolean, indentless: boolean, properties: Properties): YamlNode {
    const { anchor, tag, line } = properties;
    const token = this.#peek();
    const start = anchor === "" && tag === "" ? token.line : line;
    switch (token.type) {
      case "scalar": {
        this.#scanner.take();
        const plain = (tag === "" && token.plain) || tag === "!";
        return this.#named(anchor, { kind: "scalar", text: token.value, plain, tag, line: start });
      }
      case "-":
        if (indentless) return this.#sequence(anchor, start, (items) => this.#indentlessItems(items));
        break;
      case "block sequence start":
        if (block) return this.#sequence(anchor, start, (items) => this.#blockItems(items));
        break;
      case "[":
        return this.#sequence(anchor, start, (items) => this.#flowItems(items));
      case "block mapping start":
        if (block) return this.#mapping(anchor, start, (entries) => this.#blockEntries(entries));
        break;
      case "{":
        return this.#mapping(anchor, start, (entries) => this.#flowEntries(entries));
    }
    if (anchor === "" && tag === "") throw this.#fault("did not find expected node content", start);
    return this.#named(anchor, { kind: "scalar", text: "", plain: tag === "", tag, line: start });
  }

  #named<T extends YamlNode>(anchor: string, node: T): T {
    if (anchor !== "") this.#anchors.set(anchor, node);
    return node;
  }

  /** A collection has its name before its items: they may refer to it. */
  #sequence(anchor: string, line: number, fill: (items: YamlNode[]) => void): SequenceNode {
    const node = this.#named(anchor, { kind: "sequence", items: [], line } as SequenceNode);
    fill(node.items);
    return node;
  }

  #mapping(anchor: string, line: number, fill: (entries: MappingNode["entries"]) => void): MappingNode {
    const node = this.#named(anchor, { kind: "mapping", entries: [], line } as MappingNode);
    fill(node.entries);
    return node;
  }

  #emptyScalar(line: number): ScalarNode {
    return { kind: "scalar", text: "", plain: true, tag: "", line };
  }

  /** A node, unless one of these tokens says that there is none. */
  #nodeUnless(ends: readonly TokenType[], line: number, block: boolean, indentless: boolean): YamlNode {
    return ends.includes(this.#next()) ? this.#emptyScalar(line) : this.#node(block, indentless);
  }

  #blockItems(items: YamlNode[]): void {
    const { line: start } = this.#scanner.take();
    while (this.#next() === "-") {
      const { line } = this.#scanner.take();
      items.push(this.#nodeUnless(["-", "block end"], line, true, false));
    }
    if (!this.#takeIf("block end")) throw this.#fault("did not find expected '-' indicator", start);
  }

  #indentlessItems(items: YamlNode[]): void {
    while (this.#next() === "-") {
      const { line } = this.#scanner.take();
      items.push(this.#nodeUnless(["-", "key", "value", "block end"], line, true, false));
    }
  }

  #blockEntries(entries: MappingNode["entries"]): void {
    const ends: readonly TokenType[] = ["key", "value", "block end"];
    const { line: start } = this.#scanner.take();
    while (this.#next() === "key") {
      const { line } = this.#scanner.take();
      const key = this.#nodeUnless(ends, line, true, true);
      const { line: valueLine } = this.#peek();
      const value = this.#takeIf("value")
        ? this.#nodeUnless(ends, valueLine, true, true)
        : this.#emptyScalar(valueLine);
      entries.push([key, value]);
    }
    if (!this.#takeIf("block end")) throw this.#fault("did not find expected key", start);
  }

  #flowItems(items: YamlNode[]): void {
    const { line: start } = this.#scanner.take();
    for (let first = true; this.#next() !== "]"; first = false) {
      if (!first && !this.#takeIf(",")) throw this.#fault("did not find expected ',' or ']'", start);
      if (this.#next() === "]") break;
      items.push(this.#next() === "key" ? this.#flowPair() : this.#node(false, false));
    }
    this.#scanner.take();
  }

  /** [a: b] is [{a: b}]. */
  #flowPair(): MappingNode {
    const { line } = this.#scanner.take();
    const key = this.#nodeUnless(["value", ",", "]"], line, false, false);
    const value = this.#takeIf("value")
      ? this.#nodeUnless([",", "]"], this.#peek().line, false, false)
      : this.#emptyScalar(this.#peek().line);
    return { kind: "mapping", entries: [[key, value]], line };
  }

  #flowEntries(entries: MappingNode["entries"]): void {
    const { line: start } = this.#scanner.take();
    for (let first = true; this.#next() !== "}"; first = false) {
      if (!first && !this.#takeIf(",")) throw this.#fault("did not find expected ',' or '}'", start);
      if (this.#next() === "}") break;
      entries.push(this.#takeIf("key") ? this.#flowEntry() : this.#flowKeyAlone());
    }
    this.#scanner.take();
  }

  #flowEntry(): [YamlNode, YamlNode] {
    const key = this.#nodeUnless(["value", ",", "}"], this.#peek().line, false, false);
    const value = this.#takeIf("value")
      ? this.#nodeUnless([",", "}"], this.#peek().line, false, false)
      : this.#emptyScalar(this.#peek().line);
    return [key, value];
  }

  #flowKeyAlone(): [YamlNode, YamlNode] {
    const key = this.#node(false, false);
    return [key, this.#emptyScalar(this.#peek().line)];
  }
}
