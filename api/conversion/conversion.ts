/**
 * Built-in kinds between the versions that are served and the one that is kept (the hub). Most kinds look alike in
 * all their versions; only the others are listed here. A kind may also be listed for the hub version itself, where
 * upstream's way through its internal type changes something.
 */
import type { KubeObject, ObjectMeta } from "../object.ts";
import { withoutAnnotations } from "./annotations.ts";
import { appsConversions } from "./apps.ts";
import { autoscalingConversions } from "./autoscaling.ts";
import { eventsConversions } from "./events.ts";
import { policyConversions } from "./policy.ts";
import { resourceConversions } from "./resource.ts";
import type { ConversionTable, KindConversion } from "./table.ts";

const tables: readonly ConversionTable[] = [
  appsConversions,
  autoscalingConversions,
  eventsConversions,
  policyConversions,
  resourceConversions,
];

const byVersion = new Map<string, ReadonlyMap<string, KindConversion>>();
for (const table of tables) {
  for (const [apiVersion, kinds] of Object.entries(table))
    byVersion.set(apiVersion, new Map(Object.entries(kinds)));
}

/** How a kind of this apiVersion becomes its hub version and back; undefined: nothing but the apiVersion changes. */
export function conversionOf(apiVersion: string, kind: string): KindConversion | undefined {
  return byVersion.get(apiVersion)?.get(kind);
}

/** The object in the hub version. May change and reuse what it is given. Throws a ConversionError. */
export function toHub(object: KubeObject, hubApiVersion: string): KubeObject {
  const conversion = conversionOf(object.apiVersion ?? "", object.kind ?? "");
  const converted = conversion ? conversion.toHub(object) : object;
  converted.apiVersion = hubApiVersion;
  return converted;
}

/** A hub object in another version. Never changes what it is given; parts may be shared. */
export function fromHub(object: KubeObject, apiVersion: string): KubeObject {
  const convert = conversionOf(apiVersion, object.kind ?? "")?.fromHub;
  return { ...(convert ? convert(object) : object), apiVersion };
}

/** The metadata of a hub object as answers without the rest of it show it. */
export function metadataAlone({ apiVersion = "", kind = "", metadata }: KubeObject): ObjectMeta {
  return withoutAnnotations(metadata, conversionOf(apiVersion, kind)?.carriers ?? []);
}
