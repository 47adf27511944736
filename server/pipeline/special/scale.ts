import { type FieldManagerWrite, requireType } from "../../../api/apply/field-manager.ts";
import { ScaleFieldManager } from "../../../api/apply/scale-managed-fields.ts";
import {
  apiVersionOf,
  type JsonObject,
  type JsonValue,
  type KubeObject,
  type ManagedFieldsEntry,
} from "../../../api/object.ts";
import { conflict, invalid } from "../../../api/status.ts";
import type { TableDefinition } from "../../../api/tables/columns.ts";
import { validateScale } from "../../../api/validation/autoscaling/scale.ts";
import type { ResourceRegistry } from "../../registry/registry.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import type { ResourceDefinition } from "../../registry/strategy.ts";
import type { ObjectView } from "../endpoint.ts";

interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas: number; selector?: string };
}

type ScalePaths = NonNullable<ResourceDefinition["scale"]>;

/**
 * autoscaling/v1 Scale over an object that has replicas. codec: of Scale; parent: of the version that the request names.
 * Source: ScaleREST of pkg/registry/apps/deployment/storage.
 */
export function scaleView(
  registry: ResourceRegistry,
  codec: VersionCodec,
  parent: VersionCodec,
): ObjectView | undefined {
  const { scale } = registry.type.definition;
  return scale && new ScaleView(registry, codec, parent, scale);
}

class ScaleView implements ObjectView {
  readonly codec: VersionCodec;
  readonly table: TableDefinition;
  readonly #registry: ResourceRegistry;
  readonly #paths: ScalePaths;
  readonly #manager: ScaleFieldManager;

  constructor(registry: ResourceRegistry, codec: VersionCodec, parent: VersionCodec, paths: ScalePaths) {
    const { group, versions } = registry.type;
    this.codec = codec;
    this.table = codec.table;
    this.#registry = registry;
    this.#paths = paths;
    const replicas = [...versions.keys()].map(
      (version) => [apiVersionOf(group, version), paths.specReplicas] as const,
    );
    this.#manager = new ScaleFieldManager(codec.fieldManager("scale"), parent.apiVersion, new Map(replicas));
  }

  fromHub(hub: KubeObject): Scale {
    const { name, namespace, uid, resourceVersion, creationTimestamp } = hub.metadata;
    const selector = this.#paths.selector(hub);
    const replicas = numberAt(hub, this.#paths.specReplicas);
    return {
      kind: "Scale",
      apiVersion: this.codec.apiVersion,
      metadata: {
        ...(name ? { name } : {}),
        ...(namespace ? { namespace } : {}),
        ...(uid ? { uid } : {}),
        ...(resourceVersion ? { resourceVersion } : {}),
        ...(creationTimestamp ? { creationTimestamp } : {}),
      },
      spec: replicas === 0 ? {} : { replicas },
      status: {
        replicas: numberAt(hub, this.#paths.statusReplicas),
        ...(selector === "" ? {} : { selector }),
      },
    };
  }

  patchable(hub: KubeObject): Scale {
    return this.#manager.withEntries(hub, this.fromHub(hub));
  }

  update(spoken: Scale, live: KubeObject, write: FieldManagerWrite): KubeObject {
    const managedFields = this.#manager.update(live, this.fromHub(live), spoken, write);
    return this.#scaled(spoken, live, managedFields);
  }

  apply(
    live: KubeObject,
    configuration: JsonValue,
    write: FieldManagerWrite & { force: boolean },
  ): KubeObject {
    requireType((configuration ?? {}) as JsonObject, "autoscaling/v1", "Scale");
    const { scale, managedFields } = this.#manager.apply(live, this.fromHub(live), configuration, write);
    return this.#scaled(scale, live, managedFields);
  }

  /** The parent with the replicas of a valid Scale. */
  #scaled(scale: Scale, live: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): KubeObject {
    const { name = "", uid, resourceVersion } = scale.metadata;
    const errors = validateScale(scale as Parameters<typeof validateScale>[0]);
    if (errors.length > 0) throw invalid({ group: "autoscaling", kind: "Scale" }, name, errors);
    if (uid && uid !== live.metadata.uid) {
      const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
      const { group, resource } = this.#registry.type;
      throw conflict({ group, resource: `${resource}/scale` }, name, problem);
    }
    const object = structuredClone(live);
    if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
    if (managedFields) object.metadata.managedFields = managedFields;
    else delete object.metadata.managedFields;
    setAt(object, this.#paths.specReplicas, scale.spec?.replicas ?? 0);
    return object;
  }
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
