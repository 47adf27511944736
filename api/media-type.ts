export const jsonType = "application/json";
export const yamlType = "application/yaml";
export const protobufType = "application/vnd.kubernetes.protobuf";

/** The media types in which objects are read and written. */
export type MediaType = typeof jsonType | typeof yamlType | typeof protobufType;

/** The media type of a header without its parameters, in lower case. */
export function bareMediaType(header: string): string {
  return header.split(";", 1)[0]!.trim().toLowerCase();
}
