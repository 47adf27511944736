export const jsonType = "application/json";
export const yamlType = "application/yaml";
export const protobufType = "application/vnd.kubernetes.protobuf";

/** The media types in which objects are read and written. */
export type MediaType = typeof jsonType | typeof yamlType | typeof protobufType;

/** "; charset=utf-8" */
const parameter = /^\s*;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*")/;

/**
 * The media type of a body; "" where its header's parameters are none, or one comes twice.
 * Source: mime.ParseMediaType of Go.
 */
export function bodyMediaType(header: string): string {
  const names = new Set<string>();
  const start = header.indexOf(";");
  let rest = start < 0 ? "" : header.slice(start);
  for (let found = parameter.exec(rest); found; found = parameter.exec(rest)) {
    const name = found[1]!.toLowerCase();
    if (names.has(name)) return "";
    names.add(name);
    rest = rest.slice(found[0].length);
  }
  return ["", ";"].includes(rest.trim()) ? bareMediaType(header) : "";
}

/** The media type of a header without its parameters, in lower case. */
export function bareMediaType(header: string): string {
  return header.split(";", 1)[0]!.trim().toLowerCase();
}
