/**
 * What upstream's way through its internal types does to apps/v1.
 * Source: pkg/apis/apps/v1/conversion.go.
 */
import { goQuote } from "../go-format.ts";
import type { ObjectMeta } from "../object.ts";
import type { ObjectOf } from "../object-of.ts";
import { withoutAnnotations } from "./annotations.ts";
import { ConversionError, type ConversionTable, defineConversion } from "./table.ts";

/** DaemonSet.spec.templateGeneration of older versions: how often the template changed. */
export const templateGenerationAnnotation = "deprecated.daemonset.template.generation";
/** Deployment.spec.rollbackTo.revision of older versions. */
export const rollbackToAnnotation = "deprecated.deployment.rollback.to";

const maxInt64 = 2n ** 63n - 1n;

/** strconv.ParseInt(text, 10, 64). */
function parseInt64(text: string): bigint {
  const syntax = /^[+-]?[0-9]+$/.test(text);
  const value = syntax ? BigInt(text.replace(/^\+/, "")) : 0n;
  if (syntax && value <= maxInt64 && value >= -maxInt64 - 1n) return value;
  const problem = syntax ? "value out of range" : "invalid syntax";
  throw new ConversionError(`strconv.ParseInt: parsing ${goQuote(text)}: ${problem}`);
}

/** The number in an annotation that was read by toHub before. */
function annotatedNumber(metadata: ObjectMeta, key: string): bigint | undefined {
  const text =
    metadata.annotations && Object.hasOwn(metadata.annotations, key) ? metadata.annotations[key] : "";
  return text ? parseInt64(text) : undefined;
}

/** How often the pod template of a DaemonSet changed. */
export function templateGeneration({ metadata }: { metadata: ObjectMeta }): bigint {
  return annotatedNumber(metadata, templateGenerationAnnotation) ?? 0n;
}

export function setTemplateGeneration(object: { metadata: ObjectMeta }, generation: bigint): void {
  object.metadata.annotations = {
    ...object.metadata.annotations,
    [templateGenerationAnnotation]: String(generation),
  };
}

/** The revision to which a Deployment is to be rolled back. */
export function rollbackRevision({ metadata }: { metadata: ObjectMeta }): bigint | undefined {
  return annotatedNumber(metadata, rollbackToAnnotation);
}

const daemonSet = defineConversion({
  toHub(object: ObjectOf<"io.k8s.api.apps.v1.DaemonSet">) {
    const { annotations } = object.metadata;
    const text =
      annotations && Object.hasOwn(annotations, templateGenerationAnnotation)
        ? (annotations[templateGenerationAnnotation] ?? "")
        : "0";
    setTemplateGeneration(object, parseInt64(text));
    return object;
  },
  carriers: [templateGenerationAnnotation],
});

const deployment = defineConversion({
  toHub(object: ObjectOf<"io.k8s.api.apps.v1.Deployment">) {
    const { metadata } = object;
    const text = metadata.annotations?.[rollbackToAnnotation];
    if (!text) {
      return { ...object, metadata: withoutAnnotations(metadata, [rollbackToAnnotation]) };
    }
    try {
      metadata.annotations = { ...metadata.annotations, [rollbackToAnnotation]: String(parseInt64(text)) };
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error;
      throw new ConversionError(
        `failed to parse annotation[${rollbackToAnnotation}]=${text} as int64: ${error.message}`,
      );
    }
    return object;
  },
  carriers: [rollbackToAnnotation],
});

/** The claims in a StatefulSet always say what they are. */
const statefulSet = defineConversion({
  toHub(object: ObjectOf<"io.k8s.api.apps.v1.StatefulSet">) {
    for (const claim of object.spec.volumeClaimTemplates ?? []) {
      claim.apiVersion = "v1";
      claim.kind = "PersistentVolumeClaim";
    }
    return object;
  },
});

export const appsConversions: ConversionTable = {
  "apps/v1": { DaemonSet: daemonSet, Deployment: deployment, StatefulSet: statefulSet },
};
