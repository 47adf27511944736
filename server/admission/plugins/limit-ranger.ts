import type { Container, Pod, PodSpec, ResourceList } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { type Amounts, containerLimits, containerRequests } from "../../../api/pod-resources.ts";
import { Quantity } from "../../../api/quantity.ts";
import { type AdmissionAttributes, denied, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, core } from "../objects.ts";
import { limitProblems } from "./limit-constraints.ts";

type LimitRange = ObjectOf<"io.k8s.api.core.v1.LimitRange">;
type Limit = NonNullable<LimitRange["spec"]>["limits"][number];
type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;

const limitRanges = core("limitranges");

/**
 * Holds pods and claims to the limit ranges of their namespace, and gives containers their defaults.
 * Source: plugin/pkg/admission/limitranger.
 */
export function limitRanger(objects: AdmissionObjects, gates: FeatureGates): AdmissionPlugin {
  const forEachLimit = async (
    attributes: AdmissionAttributes,
    run: (limits: readonly Limit[]) => readonly string[],
  ): Promise<void> => {
    if (attributes.oldObject?.metadata.deletionTimestamp !== undefined) return;
    for (const range of await objects.list(limitRanges, attributes.namespace)) {
      const problems = [...new Set(run((range as LimitRange).spec?.limits ?? []))];
      if (problems.length === 0) continue;
      throw denied(attributes, problems.length === 1 ? problems[0]! : `[${problems.join(", ")}]`);
    }
  };
  const admit = (attributes: AdmissionAttributes) =>
    forEachLimit(attributes, (limits) => {
      setDefaults(objectOf<Pod>(attributes), limits);
      return [];
    });
  const podLevel = gates.enabled("PodLevelResources");
  const validate = (attributes: AdmissionAttributes) =>
    forEachLimit(attributes, (limits) =>
      limits.flatMap((limit) => podProblems(objectOf<Pod>(attributes).spec!, limit, podLevel)),
    );
  const validateClaim = (attributes: AdmissionAttributes) =>
    forEachLimit(attributes, (limits) =>
      limits.flatMap((limit) => claimProblems(objectOf<Claim>(attributes), limit)),
    );
  return {
    name: "LimitRanger",
    rules: [
      { operations: ["CREATE"], resources: ["pods"], admit, validate },
      { operations: ["UPDATE"], resources: ["pods/resize"], admit, validate },
      {
        operations: ["CREATE", "UPDATE"],
        resources: ["persistentvolumeclaims"],
        validate: validateClaim,
      },
    ],
  };
}

/** Says in an annotation what it set. */
function setDefaults({ metadata, spec }: Pod, limits: readonly Limit[]): void {
  const own = limits.filter(({ type }) => type === "Container");
  if (own.length === 0) return;
  const requests: ResourceList = Object.assign({}, ...own.map(({ defaultRequest }) => defaultRequest));
  const maxima: ResourceList = Object.assign({}, ...own.map((limit) => limit.default));
  const said: string[] = [];
  const complete = (container: Container, what: string): void => {
    const resources = container.resources ?? {};
    const [newRequests, newLimits] = [
      missing(requests, resources.requests),
      missing(maxima, resources.limits),
    ];
    if (newRequests.length > 0) said.push(`${newRequests.join(", ")} request for ${what} ${container.name}`);
    if (newLimits.length > 0) said.push(`${newLimits.join(", ")} limit for ${what} ${container.name}`);
    if (newRequests.length === 0 && newLimits.length === 0) return;
    container.resources = {
      ...resources,
      requests: { ...requests, ...resources.requests },
      limits: { ...maxima, ...resources.limits },
    };
  };
  for (const container of spec?.containers ?? []) complete(container, "container");
  for (const container of spec?.initContainers ?? []) complete(container, "init container");
  if (said.length === 0) return;
  metadata!.annotations = {
    ...metadata!.annotations,
    "kubernetes.io/limit-ranger": `LimitRanger plugin set: ${said.join("; ")}`,
  };
}

const missing = (defaults: ResourceList, own: ResourceList = {}): string[] =>
  Object.keys(defaults)
    .filter((resource) => !Object.hasOwn(own, resource))
    .sort();

function podProblems(spec: PodSpec, limit: Limit, podLevel: boolean): string[] {
  if (limit.type === "Pod") {
    const requests = podAmounts(spec, "requests", podLevel);
    return limitProblems(limit, requests, podAmounts(spec, "limits", podLevel));
  }
  if (limit.type !== "Container") return [];
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    limitProblems(limit, amounts(resources?.requests), amounts(resources?.limits)),
  );
}

/** All containers together, and what the pod asks for as a whole; overhead does not count here. */
function podAmounts(spec: PodSpec, kind: "requests" | "limits", podLevel: boolean): Amounts {
  const total = kind === "requests" ? containerRequests(spec) : containerLimits(spec);
  const own = podLevel ? (spec.resources?.[kind] ?? {}) : {};
  for (const resource of ["cpu", "memory"]) {
    if (own[resource] !== undefined) total.set(resource, Quantity.parse(own[resource]));
  }
  return total;
}

function claimProblems({ spec }: Claim, limit: Limit): string[] {
  if (limit.type !== "PersistentVolumeClaim") return [];
  const { type, min, max } = limit;
  return limitProblems(
    { type, ...(min ? { min } : {}), ...(max ? { max } : {}) },
    amounts(spec?.resources?.requests),
  );
}

const amounts = (list: ResourceList = {}): Amounts =>
  new Map(Object.entries(list).map(([resource, text]) => [resource, Quantity.parse(text)]));
