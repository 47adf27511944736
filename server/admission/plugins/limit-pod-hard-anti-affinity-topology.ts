import type { Pod } from "../../../api/core-types.ts";
import { forbidden } from "../../../api/status.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

const hostname = "kubernetes.io/hostname";

/** Nobody keeps others away from more than a node. Source: plugin/pkg/admission/antiaffinity. */
export const limitPodHardAntiAffinityTopology: AdmissionPlugin = {
  name: "LimitPodHardAntiAffinityTopology",
  rules: [{ operations: ["CREATE", "UPDATE"], resources: ["pods"], validate }],
};

function validate(attributes: AdmissionAttributes): void {
  const { metadata, spec } = objectOf<Pod>(attributes);
  const terms = spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const other = terms.find(({ topologyKey }) => topologyKey !== hostname);
  if (!other) return;
  throw forbidden(
    { group: attributes.group, resource: attributes.resource },
    metadata?.name ?? "",
    `affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey ${other.topologyKey} but only key ${hostname} is allowed`,
  );
}
