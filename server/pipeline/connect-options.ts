import type { JsonValue, KubeObject } from "../../api/object.ts";

/** How a value of the query becomes one of the options. */
type Reading = (values: readonly string[]) => JsonValue | undefined;

/** Source: Convert_Slice_string_To_bool of k8s.io/apimachinery/pkg/runtime. */
const flag: Reading = ([value]) =>
  value !== undefined && !["false", "0"].includes(value.toLowerCase()) ? true : undefined;
const text: Reading = ([value]) => value || undefined;
const numbers: Reading = (values) =>
  values.length === 0 ? undefined : values.flatMap((value) => value.split(",").map(Number));
/** Without omitempty. */
const texts: Reading = (values) => (values.length === 0 ? null : [...values]);

const streams = { stdin: flag, stdout: flag, stderr: flag, tty: flag, container: text };
const proxy = { path: text };

/** Source: k8s.io/api/core/v1; the OpenAPI document has parameters instead. */
const optionsByKind: Readonly<Record<string, Readonly<Record<string, Reading>>>> = {
  PodAttachOptions: streams,
  PodExecOptions: { ...streams, command: texts },
  PodPortForwardOptions: { ports: numbers },
  PodProxyOptions: proxy,
  ServiceProxyOptions: proxy,
  NodeProxyOptions: proxy,
};

/** What a connection asks for, as its admission sees it: not an object, as it has no metadata. */
export function connectOptions(
  kind: string,
  { query, subpath }: { query: URLSearchParams; subpath: string },
): KubeObject {
  const options: Record<string, JsonValue> = { kind, apiVersion: "v1" };
  const readings = optionsByKind[kind] ?? {};
  for (const [name, read] of Object.entries(readings)) {
    const value = read(readings === proxy ? [`/${subpath}`] : query.getAll(name));
    if (value !== undefined) options[name] = value;
  }
  return options as unknown as KubeObject;
}
