import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import type { AdmissionObjects } from "../objects.ts";

type PodGroup = ObjectOf<"io.k8s.api.scheduling.v1alpha2.PodGroup">;
type Workload = ObjectOf<"io.k8s.api.scheduling.v1alpha2.Workload">;
type Job = ObjectOf<"io.k8s.api.batch.v1.Job">;

const workloads = { group: "scheduling.k8s.io", resource: "workloads" };
const podGroups = { group: "scheduling.k8s.io", resource: "podgroups" };

/** A group of pods is made after a template that exists. Source: plugin/pkg/admission/podgroup. */
export function podGroupWorkloadExists(objects: AdmissionObjects, gates: FeatureGates): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const reference = objectOf<PodGroup>(attributes).spec.podGroupTemplateRef?.workload;
    if (!reference) return;
    const { workloadName, podGroupTemplateName } = reference;
    const name = goQuote(workloadName);
    const found = (await objects.get(workloads, attributes.namespace, workloadName)) as Workload | undefined;
    if (!found) throw denied(attributes, `PodGroup rejected: Workload ${name} not found`);
    if (found.metadata.deletionTimestamp !== undefined)
      throw denied(attributes, `PodGroup rejected: Workload ${name} is being deleted`);
    if (found.spec.podGroupTemplates.some((template) => template.name === podGroupTemplateName)) return;
    throw denied(
      attributes,
      `PodGroup rejected: PodGroupTemplate ${goQuote(podGroupTemplateName)} not found in Workload ${name}`,
    );
  };
  const rule = { operations: ["CREATE"], resources: ["podgroups.scheduling.k8s.io"], validate } as const;
  return { name: "PodGroupWorkloadExists", rules: gates.enabled("GenericWorkload") ? [rule] : [] };
}

/** The pods of a gang are as many as it was made for. Source: plugin/pkg/admission/job. */
export function jobValidation(objects: AdmissionObjects, gates: FeatureGates): AdmissionPlugin {
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const old = oldObjectOf<Job>(attributes);
    if (objectOf<Job>(attributes).spec?.parallelism === old.spec?.parallelism) return;
    const gang = (await groupsOf(objects, old)).find(({ spec }) => spec.schedulingPolicy.gang);
    if (!gang) return;
    throw denied(
      attributes,
      `cannot change parallelism for a Job referencing gang-scheduled PodGroup ${goQuote(gang.metadata.name ?? "")}`,
    );
  };
  const rule = { operations: ["UPDATE"], resources: ["jobs.batch"], validate } as const;
  return { name: "JobValidation", rules: gates.enabled("GenericWorkload") ? [rule] : [] };
}

/** The group that the job's template names, or those that the job owns. */
async function groupsOf(objects: AdmissionObjects, { metadata, spec }: Job): Promise<readonly PodGroup[]> {
  const namespace = metadata.namespace ?? "";
  const name = spec?.template.spec?.schedulingGroup?.podGroupName;
  if (name !== undefined) {
    const found = await objects.get(podGroups, namespace, name);
    return found ? [found as PodGroup] : [];
  }
  const groups = (await objects.list(podGroups, namespace)) as readonly PodGroup[];
  return groups.filter((group) =>
    group.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === metadata.uid),
  );
}
