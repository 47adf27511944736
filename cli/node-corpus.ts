/**
 * Drawn pods, volumes and what else names nodes, and questions of kubelets about them, always the same from a seed. What
 * upstream's Node authorizer answers is kept in node-decisions.txt:
 *
 *     node cli/node-corpus.ts > corpus.json
 *     cd conformance/upstream && go run ./node < corpus.json > ../../cli/node-decisions.txt
 */
import type { KubeObject } from "../api/object.ts";
import type { AuthorizationAttributes, ResourceAttributes } from "../server/auth/authorizer.ts";
import { Draw } from "./draw.ts";

export interface Change {
  kind: "Pod" | "PersistentVolume" | "VolumeAttachment" | "ResourceSlice";
  type: "set" | "delete";
  object: KubeObject;
}

export interface NodeCorpus {
  /** One after the other. */
  changes: Change[];
  questions: AuthorizationAttributes[];
}

const seed = 20_260_501;
const changeCount = 400;
const questionCount = 20_000;

const nodes = ["n0", "n1", "n2", "n3"];
const namespaces = ["a", "b"];
/** Of whatever is mentioned. */
const names = ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"];
const secretSources = ["rbd", "cephfs", "cinder", "flexVolume", "scaleIO", "iscsi", "storageos"];
const pods = Array.from({ length: 24 }, (_, i) => `p${i}`);
const globals = Array.from({ length: 12 }, (_, i) => `g${i}`);

/** "group/resource", and what may be under it. */
const asked = [
  "/secrets",
  "/secrets",
  "/secrets",
  "/configmaps",
  "/configmaps",
  "/persistentvolumeclaims",
  "/persistentvolumeclaims/status",
  "/persistentvolumes",
  "/serviceaccounts",
  "/serviceaccounts/token",
  "/pods",
  "/pods/status",
  "/pods/eviction",
  "/nodes",
  "/nodes/status",
  "resource.k8s.io/resourceclaims",
  "resource.k8s.io/resourceslices",
  "storage.k8s.io/volumeattachments",
  "storage.k8s.io/csinodes",
  "coordination.k8s.io/leases",
  "certificates.k8s.io/podcertificaterequests",
  "/services",
  "apps/deployments",
];
const verbs = [
  "get",
  "get",
  "get",
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
];

export function drawNodeCorpus(): NodeCorpus {
  return new NodeDraw(seed).corpus();
}

class NodeDraw extends Draw {
  corpus(): NodeCorpus {
    return {
      changes: this.many(changeCount, () => this.#change()),
      questions: this.many(questionCount, () => this.#question()),
    };
  }

  #change(): Change {
    const type = this.chance(0.2) ? "delete" : "set";
    const kind = this.one([
      "Pod",
      "Pod",
      "Pod",
      "PersistentVolume",
      "VolumeAttachment",
      "ResourceSlice",
    ] as const);
    if (kind === "Pod") return { kind, type, object: this.#pod() };
    const metadata = { name: this.one(globals) };
    const spec = kind === "PersistentVolume" ? this.#volumeSpec() : { nodeName: this.one(nodes) };
    return { kind, type, object: { metadata, spec } as KubeObject };
  }

  #pod(): KubeObject {
    const index = Math.floor(this.next() * pods.length);
    const metadata = {
      name: pods[index]!,
      namespace: this.one(namespaces),
      ...(this.chance(0.05) ? { annotations: { "kubernetes.io/config.mirror": "m" } } : {}),
    };
    const name = () => this.one(names);
    const container = () => ({
      name: "c",
      env: [
        ...(this.chance(0.3) ? [{ name: "S", valueFrom: { secretKeyRef: { name: name(), key: "k" } } }] : []),
        ...(this.chance(0.3)
          ? [{ name: "C", valueFrom: { configMapKeyRef: { name: name(), key: "k" } } }]
          : []),
      ],
      envFrom: [
        ...(this.chance(0.2) ? [{ secretRef: { name: name() } }] : []),
        ...(this.chance(0.2) ? [{ configMapRef: { name: name() } }] : []),
      ],
    });
    const spec = {
      // A pod stays where it is.
      ...(index < 20 ? { nodeName: nodes[index % nodes.length] } : {}),
      ...(this.chance(0.5) ? { serviceAccountName: name() } : {}),
      ...(this.chance(0.2) ? { imagePullSecrets: [{ name: name() }] } : {}),
      containers: [container()],
      ...(this.chance(0.2) ? { initContainers: [container()] } : {}),
      ...(this.chance(0.2) ? { ephemeralContainers: [container()] } : {}),
      volumes: this.many(3, (at) => ({ name: `v${at}`, ...this.#podVolume() })),
      resourceClaims: [
        { name: "r", resourceClaimName: name() },
        { name: "t", resourceClaimTemplateName: "t" },
      ],
    };
    const claims = this.chance(0.5) ? [{ name: "t", resourceClaimName: name() }] : [];
    return { metadata, spec, status: { resourceClaimStatuses: claims } } as object as KubeObject;
  }

  #podVolume(): object {
    const name = this.one(names);
    switch (
      this.one([
        "secret",
        "configMap",
        "projected",
        "claim",
        "claim",
        "ephemeral",
        "azureFile",
        "csi",
        "other",
      ])
    ) {
      case "secret":
        return { secret: { secretName: name } };
      case "configMap":
        return { configMap: { name } };
      case "projected":
        return { projected: { sources: [{ secret: { name } }, { configMap: { name: this.one(names) } }] } };
      case "claim":
        return { persistentVolumeClaim: { claimName: name } };
      case "ephemeral":
        return { ephemeral: {} };
      case "azureFile":
        return { azureFile: { secretName: name, shareName: "s" } };
      case "csi":
        return { csi: { driver: "d", nodePublishSecretRef: { name } } };
      default:
        return { [this.one(secretSources)]: { secretRef: { name } } };
    }
  }

  #volumeSpec(): object {
    const reference = () => ({
      name: this.one(names),
      ...(this.chance(0.6) ? { namespace: this.one(namespaces) } : {}),
    });
    const claimRef = this.chance(0.9)
      ? { claimRef: { name: this.one(names), namespace: this.one(namespaces) } }
      : {};
    switch (this.one(["azureFile", "csi", "other", "other"])) {
      case "azureFile": {
        const { name: secretName, namespace } = reference();
        const azureFile = {
          shareName: "s",
          secretName,
          ...(namespace ? { secretNamespace: namespace } : {}),
        };
        return { ...claimRef, azureFile };
      }
      case "csi": {
        const fields = ["nodePublish", "nodeStage", "nodeExpand", "controllerPublish", "controllerExpand"];
        const refs = this.some(fields, 2).map((field) => [`${field}SecretRef`, reference()] as const);
        return { ...claimRef, csi: { driver: "d", volumeHandle: "h", ...Object.fromEntries(refs) } };
      }
      default:
        return { ...claimRef, [this.one(secretSources)]: { secretRef: reference() } };
    }
  }

  #question(): AuthorizationAttributes {
    const node = this.one([...nodes, "n9"]);
    const [group = "", resource = "", subresource = ""] = this.one(asked).split("/");
    const isGlobal = [
      "nodes",
      "persistentvolumes",
      "volumeattachments",
      "resourceslices",
      "csinodes",
    ].includes(resource);
    const namespace = isGlobal === this.chance(0.95) ? "" : this.one([...namespaces, "kube-node-lease"]);
    const selects = this.chance(0.3) ? this.one(nodes) : undefined;
    const resourceAttributes: ResourceAttributes = {
      group,
      version: "v1",
      resource,
      subresource: this.chance(0.05) ? "status" : subresource,
      namespace,
      name: this.#name(resource),
      ...(selects === undefined
        ? {}
        : {
            fieldSelector: [{ field: "spec.nodeName", operator: this.one(["=", "=", "!="]), value: selects }],
          }),
    };
    const user = { name: `system:node:${node}`, groups: this.chance(0.95) ? ["system:nodes"] : ["others"] };
    return { user, verb: this.one(verbs), path: "", resource: resourceAttributes };
  }

  #name(resource: string): string {
    if (this.chance(0.05)) return "";
    if (resource === "pods") return this.one(pods);
    if (["nodes", "csinodes", "leases"].includes(resource)) return this.one(nodes);
    if (resource === "persistentvolumeclaims" && this.chance(0.3)) return `${this.one(pods)}-v1`;
    return ["persistentvolumes", "volumeattachments", "resourceslices"].includes(resource)
      ? this.one(globals)
      : this.one(names);
  }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(drawNodeCorpus())}\n`);
