import { session } from "../session.ts";

/** Resources whose whole type is shown. */
const WHOLE = [
  "pods",
  "deployments",
  "services",
  "jobs",
  "cronjobs",
  "ingresses",
  "networkpolicies",
  "customresourcedefinitions",
  "validatingadmissionpolicies",
  "flowschemas",
  "resourceclaims",
  "storageclasses",
];

export const cases = [
  session("explain", async (k) => {
    await k.runAll([
      "explain pods",
      "explain pod.spec.containers",
      "explain pod.spec.containers.resources --recursive",
      "explain deployments.spec.strategy.rollingUpdate.maxSurge",
      "explain cronjob.spec.schedule",
      "explain hpa --api-version=autoscaling/v1",
      "explain hpa --api-version=autoscaling/v2 --recursive",
      "explain hpa --api-version=autoscaling/v9",
      "explain deployments.apps.spec.replicas",
      "explain events.events.k8s.io",
      "explain pod.spec.nonsense",
      "explain pod.spec.hostNetwork.nonsense",
      "explain nonsense",
      "explain",
      "explain service.spec.type",
      "explain secret.data",
      "explain nodes.status --recursive",
      "explain ingress.spec.rules.http.paths.pathType",
      "explain crd.spec.versions.schema --recursive",
      "explain pod.metadata.managedFields",
      "explain configmap --output=plaintext-openapiv2",
      "explain pod.spec --output=plaintext-openapiv2 --recursive",
      "explain configmap --output=nonsense",
    ]);
  }),
  session("explain: whole types", async (k) => {
    for (const resource of WHOLE) await k.run(`explain ${resource} --recursive`);
  }),
];
