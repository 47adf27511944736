import type { JsonObject, JsonValue, KubeObject } from "../../../api/object.ts";
import { badRequest, conflict, invalid } from "../../../api/status.ts";
import { invalid as invalidField } from "../../../api/validation/field.ts";
import type { ResourceRegistry } from "../../registry/registry.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import type { ObjectView } from "../endpoint.ts";

interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

/** autoscaling/v1 Scale over an object that has replicas. Source: ScaleREST of pkg/registry/apps/deployment/storage. */
export function scaleView(
  registry: ResourceRegistry,
  codec: VersionCodec,
  parent: VersionCodec,
): ObjectView | undefined {
  const { scale } = registry.type.definition;
  if (!scale) return undefined;
  const parentManager = parent.fieldManager("scale");
  const view: ObjectView = {
    codec,
    fromHub(hub) {
      const { name, namespace, uid, resourceVersion, creationTimestamp } = hub.metadata;
      const selector = scale.selector(hub);
      const shown: Scale = {
        kind: "Scale",
        apiVersion: codec.apiVersion,
        metadata: {
          ...(name ? { name } : {}),
          ...(namespace ? { namespace } : {}),
          ...(uid ? { uid } : {}),
          ...(resourceVersion ? { resourceVersion } : {}),
          ...(creationTimestamp ? { creationTimestamp } : {}),
        },
        spec: {
          ...(numberAt(hub, scale.specReplicas) ? { replicas: numberAt(hub, scale.specReplicas) } : {}),
        },
        status: {
          replicas: numberAt(hub, scale.statusReplicas),
          ...(selector === "" ? {} : { selector }),
        },
      };
      return shown;
    },
    toHub(spoken: Scale, live) {
      const { name = "", uid, resourceVersion } = spoken.metadata;
      const replicas = spoken.spec?.replicas ?? 0;
      if (replicas < 0) {
        throw invalid({ group: "autoscaling", kind: "Scale" }, name, [
          invalidField("spec.replicas", replicas, "must be greater than or equal to 0"),
        ]);
      }
      if (uid && uid !== live.metadata.uid) {
        const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
        throw conflict(registry.type, name, problem);
      }
      const object = structuredClone(live);
      if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
      setAt(object, scale.specReplicas, replicas);
      return object;
    },
    apply(live, configuration, write) {
      const applied = scaleConfiguration(configuration);
      return parentManager.apply(live, parentConfiguration(parent, live, scale.specReplicas, applied), write);
    },
  };
  return view;
}

/** Replicas of an applied Scale, as far as it says any. */
function scaleConfiguration(configuration: JsonValue): number | undefined {
  const { kind, spec } = (configuration ?? {}) as { kind?: JsonValue; spec?: { replicas?: JsonValue } };
  if (kind !== "Scale") throw badRequest(`invalid object type: ${String(kind)}`);
  const replicas = spec?.replicas;
  return typeof replicas === "number" ? replicas : undefined;
}

function parentConfiguration(
  parent: VersionCodec,
  live: KubeObject,
  path: string,
  replicas: number | undefined,
): JsonObject {
  const { name = "", namespace } = live.metadata;
  const configuration: JsonObject = {
    kind: parent.info.kind,
    apiVersion: parent.apiVersion,
    metadata: { name, ...(namespace ? { namespace } : {}) },
  };
  if (replicas !== undefined) setAt(configuration as unknown as KubeObject, path, replicas);
  return configuration;
}

function numberAt(object: KubeObject, path: string): number {
  let value: unknown = object;
  for (const part of path.split(".")) value = (value as Record<string, unknown> | undefined)?.[part];
  return typeof value === "number" ? value : 0;
}

function setAt(object: KubeObject, path: string, replicas: number): void {
  const parts = path.split(".");
  const last = parts.pop()!;
  let at = object as unknown as Record<string, unknown>;
  for (const part of parts) {
    at[part] ??= {};
    at = at[part] as Record<string, unknown>;
  }
  at[last] = replicas;
}
