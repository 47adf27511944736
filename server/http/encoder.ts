import { jsonType, protobufType, yamlType } from "../../api/media-type.ts";
import type { JsonObject } from "../../api/object.ts";
import type { StructType } from "../../api/schema/types.ts";
import { jsonBuffer } from "./json-bytes.ts";
import type { OutputForm } from "./negotiate.ts";

/** A finished object in one media type. Heavy encoders load on first use. */
export interface Encoder {
  contentType: string;
  encode(object: JsonObject, struct: StructType | undefined): Uint8Array;
}

const newline = Buffer.from("\n");

const compactJson: Encoder = {
  contentType: jsonType,
  encode: (object) => Buffer.concat([jsonBuffer(object), newline]),
};

const prettyJson: Encoder = {
  contentType: jsonType,
  encode: (object) => Buffer.concat([Buffer.from(indentJson(jsonBuffer(object).toString())), newline]),
};

/** Re-indents JSON text by two spaces without reading its numbers. Source: json.Indent of Go. */
export function indentJson(text: string): string {
  let out = "";
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') {
      const end = stringEnd(text, at);
      out += text.slice(at, end);
      at = end - 1;
    } else if (char === "{" || char === "[") {
      const empty = text[at + 1] === "}" || text[at + 1] === "]";
      if (empty) out += char + text[++at];
      else out += `${char}\n${"  ".repeat(++depth)}`;
    } else if (char === "}" || char === "]") {
      out += `\n${"  ".repeat(--depth)}${char}`;
    } else if (char === ",") {
      out += `,\n${"  ".repeat(depth)}`;
    } else {
      out += char === ":" ? ": " : char;
    }
  }
  return out;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** The encoder of a form. */
export async function encoderOf({
  mediaType,
  pretty,
}: Pick<OutputForm, "mediaType" | "pretty">): Promise<Encoder> {
  if (mediaType === yamlType) return yamlEncoder();
  if (mediaType === protobufType) return protobufEncoder();
  return pretty ? prettyJson : compactJson;
}

async function yamlEncoder(): Promise<Encoder> {
  const { stringifyYaml } = await import("../../api/yaml.ts");
  return { contentType: yamlType, encode: (object) => Buffer.from(stringifyYaml(object)) };
}

async function protobufEncoder(): Promise<Encoder> {
  const { encodeProtobuf } = await import("../../api/protobuf/envelope.ts");
  return { contentType: protobufType, encode: (object, struct) => encodeProtobuf(object, struct) };
}
