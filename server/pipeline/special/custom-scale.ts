import { type FieldManagerWrite, requireType } from "../../../api/apply/field-manager.ts";
import { ScaleFieldManager } from "../../../api/apply/scale-managed-fields.ts";
import {
  pathParts,
  replicasAt,
  ScaleError,
  type ScalePaths,
  setReplicas,
  textAt,
} from "../../../api/custom/scale.ts";
import { customTable, scaleColumns } from "../../../api/custom/table.ts";
import { cloneJson } from "../../../api/json-clone.ts";
import type { JsonObject, JsonValue, KubeObject, ManagedFieldsEntry } from "../../../api/object.ts";
import { badRequest, internalError, StatusError } from "../../../api/status.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import type { ObjectView } from "../endpoint.ts";

interface Scale extends KubeObject {
  spec?: { replicas?: number };
}

const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;

/** Stands for replicas that are not there, so that a patch which says nothing of them is noticed. */
const noReplicas = -2147483648;

/**
 * autoscaling/v1 Scale over a custom resource: where its numbers are, the definition says. paths: of all versions, by
 * apiVersion. Source: ScaleREST of k8s.io/apiextensions-apiserver/pkg/registry/customresource/etcd.go.
 */
export class CustomScaleView implements ObjectView {
  readonly codec: VersionCodec;
  readonly table = customTable(scaleColumns);
  readonly #parent: VersionCodec;
  readonly #paths: ScalePaths;
  readonly #manager: ScaleFieldManager;

  constructor(codec: VersionCodec, parent: VersionCodec, paths: ReadonlyMap<string, ScalePaths>) {
    const own = paths.get(parent.apiVersion);
    if (!own) throw new TypeError(`no scale of ${parent.apiVersion}`);
    this.codec = codec;
    this.#parent = parent;
    this.#paths = own;
    const replicas = [...paths].map(
      ([apiVersion, { specReplicasPath }]) => [apiVersion, pathParts(specReplicasPath).join(".")] as const,
    );
    this.#manager = new ScaleFieldManager(codec.fieldManager("scale"), parent.apiVersion, new Map(replicas));
  }

  fromHub(hub: KubeObject): Scale {
    const { scale, found } = this.#scaleOf(hub);
    if (found) return scale;
    throw internalError(`the spec replicas field "${this.#paths.specReplicasPath}" does not exist`);
  }

  patchable(hub: KubeObject): Scale {
    return this.#manager.withEntries(hub, this.#scaleOf(hub).scale);
  }

  update(spoken: Scale, live: KubeObject, write: FieldManagerWrite): KubeObject {
    const { scale } = this.#scaleOf(live);
    return this.#scaled(spoken, live, this.#manager.update(live, scale, spoken, write));
  }

  apply(
    live: KubeObject,
    configuration: JsonValue,
    write: FieldManagerWrite & { force: boolean },
  ): KubeObject {
    requireType((configuration ?? {}) as JsonObject, "autoscaling/v1", "Scale");
    const current = this.patchable(live);
    if (!current.metadata.managedFields?.length) throw cannotBegin();
    const { scale, managedFields } = this.#manager.apply(live, current, configuration, write);
    return this.#scaled(scale, live, managedFields);
  }

  #scaleOf(hub: KubeObject): { scale: Scale; found: boolean } {
    const object = this.#parent.fromHub(hub);
    const { specReplicasPath, statusReplicasPath, labelSelectorPath } = this.#paths;
    return explained(() => {
      const replicas = replicasAt(asJson(object), specReplicasPath);
      const statusReplicas = replicasAt(asJson(object), statusReplicasPath) ?? 0;
      const selector = labelSelectorPath && textAt(asJson(object), labelSelectorPath);
      const scale = {
        kind: "Scale",
        apiVersion: this.codec.apiVersion,
        metadata: identityOf(object),
        spec: replicas === 0 ? {} : { replicas: replicas ?? noReplicas },
        status: { replicas: statusReplicas, ...(selector ? { selector } : {}) },
      };
      return { scale, found: replicas !== undefined };
    });
  }

  /** The object with the replicas of a Scale. */
  #scaled(scale: Scale, live: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): KubeObject {
    const { specReplicasPath } = this.#paths;
    const replicas = scale.spec?.replicas ?? 0;
    if (replicas === noReplicas) {
      throw badRequest(`the spec replicas field "${specReplicasPath}" cannot be empty`);
    }
    const object = cloneJson(live);
    const { resourceVersion } = scale.metadata;
    if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
    if (managedFields) object.metadata.managedFields = managedFields;
    else delete object.metadata.managedFields;
    explained(() => setReplicas(asJson(object), specReplicasPath, replicas));
    return object;
  }
}

function identityOf({ metadata }: KubeObject): KubeObject["metadata"] {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    ...(uid ? { uid } : {}),
    ...(resourceVersion ? { resourceVersion } : {}),
    ...(creationTimestamp ? { creationTimestamp } : {}),
  };
}

/** Upstream cannot look at what was there before the first apply through the eyes of the parent. */
const cannotBegin = (): StatusError =>
  new StatusError(
    500,
    "",
    "failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper version: request to convert CR to an invalid group/version: autoscaling/v1",
  );

/** Numbers that are none are the server's fault, as upstream has it. */
function explained<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScaleError) throw new StatusError(500, "", error.message);
    throw error;
  }
}
