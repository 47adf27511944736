/** Pods for tests: a small valid one, with whatever a case gives it. Fields may be of any shape: they come from clients. */
import type { Pod, PodSpec } from "../../core-types.ts";
import { defaultPod } from "../../defaults/core-pod.ts";
import { defaultFeatureGates, parseFeatureGates } from "../../feature-gates.ts";
import type { JsonObject, ObjectMeta } from "../../object.ts";
import { decodeStruct } from "../../schema/decode.ts";
import { loadTables } from "../../schema/tables.ts";
import type { FieldError } from "../field.ts";
import { type PodValidationOptions, podValidationOptions } from "./pod-options.ts";

type Fields = Readonly<Record<string, unknown>>;
export type TestPod = Pod & { spec: PodSpec; metadata: ObjectMeta };

const gates = defaultFeatureGates();
const struct = loadTables().kind("", "v1", "Pod")!;

export const container = (fields: Fields = {}, name = "main"): Fields => ({
  name,
  image: "nginx:1.27",
  ...fields,
});

/** A pod as decoding and defaults leave it. */
export function podOf(spec: Fields = {}, metadata: Fields = {}, status: Fields = {}): TestPod {
  const sent = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "default", ...metadata },
    spec: { containers: [container()], ...spec },
    status,
  };
  const pod = decodeStruct(struct, structuredClone(sent) as JsonObject).value as unknown as TestPod;
  defaultPod(pod, { gates });
  return pod;
}

/** A pod whose only container has the fields. */
export const podWith = (fields: Fields, spec: Fields = {}): TestPod =>
  podOf({ containers: [container(fields)], ...spec });

/** The options of a server, for a new pod or the change of an old one. */
export const optionsOf = (old?: Pod, flags = ""): PodValidationOptions =>
  podValidationOptions(flags ? parseFeatureGates(flags) : gates, true, old);

export const problems = (errors: readonly FieldError[]): string[] =>
  errors.map(({ field, body }) => `${field}: ${body}`);
