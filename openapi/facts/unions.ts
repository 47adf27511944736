/** x-kubernetes-unions, as "<discriminator>: <members>"; a member's value is its name in upper camel case. */
export const unions: Readonly<Record<string, string>> = {
  "core.v1.AppArmorProfile": "type: localhostProfile",
  "core.v1.PodSchedulingGroup": ": podGroupName",
  "core.v1.SeccompProfile": "type: localhostProfile",
  "flowcontrol.v1.LimitResponse": "type: queuing",
  "flowcontrol.v1.PriorityLevelConfigurationSpec": "type: exempt limited",
  "flowcontrol.v1.Subject": "kind: group serviceAccount user",
  "scheduling.v1alpha2.PodGroupSchedulingPolicy": ": basic gang",
  "scheduling.v1alpha2.PodGroupTemplateReference": ": workload",
};
