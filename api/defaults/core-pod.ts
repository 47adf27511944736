/**
 * Defaults of pods and of everything that holds a pod template.
 * Source: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go and zz_generated.defaults.go.
 */
import {
  adoptServiceAccountAlias,
  dropInitContainerAnnotations,
  syncPodIps,
} from "../conversion/core-pod.ts";
import type {
  Container,
  Lifecycle,
  ObjectFieldSelector,
  Pod,
  PodSpec,
  PodTemplate,
  PodTemplateSpec,
  Probe,
  ReplicationController,
} from "../core-types.ts";
import { isLatestImage } from "../image-reference.ts";
import { defaultPodLevelResources } from "./core-pod-resources.ts";
import { defaultVolume } from "./core-pod-volumes.ts";
import { defaultResourceList } from "./resource-list.ts";
import type { Defaulter, DefaultsContext } from "./table.ts";

/** By kind. */
export const podDefaults: Readonly<Record<string, Defaulter>> = {
  Pod: defaultPod,
  PodTemplate: (object: PodTemplate) => defaultPodTemplate(object.template),
  ReplicationController: defaultReplicationController,
};

/** SetObjectDefaults_Pod. */
export function defaultPod(pod: Pod, { gates }: DefaultsContext): void {
  const spec = pod.spec;
  if (!spec) return;
  for (const container of spec.containers ?? []) defaultRequests(container);
  for (const container of spec.initContainers ?? []) defaultRequests(container);
  if (spec.resources && gates.enabled("PodLevelResources")) defaultPodLevelResources(spec);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork) {
    defaultHostPorts(spec.containers);
    defaultHostPorts(spec.initContainers);
  }
  defaultPodSpec(spec);
  dropInitContainerAnnotations(pod.metadata);
  if (pod.status) syncPodIps(pod.status);
  // A pod that is killed at once takes a moment; templates keep what was written.
  if (spec.terminationGracePeriodSeconds! < 0) spec.terminationGracePeriodSeconds = 1;
}

/** The part of the defaults that every kind with a pod template shares. */
export function defaultPodTemplate(template: PodTemplateSpec | undefined): void {
  if (!template) return;
  dropInitContainerAnnotations(template.metadata);
  if (template.spec) defaultPodSpec(template.spec);
}

/** SetDefaults_PodSpec and the defaults of everything inside a pod's spec. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.dnsPolicy ||= "ClusterFirst";
  spec.restartPolicy ||= "Always";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ||= "default-scheduler";
  if (spec.volumes) for (const volume of spec.volumes) defaultVolume(volume);
  if (spec.initContainers) for (const container of spec.initContainers) defaultContainer(container);
  if (spec.containers) for (const container of spec.containers) defaultContainer(container);
  if (spec.ephemeralContainers) {
    for (const container of spec.ephemeralContainers) defaultContainer(container);
  }
  defaultResourceList(spec.overhead);
  defaultResourceList(spec.resources?.limits);
  defaultResourceList(spec.resources?.requests);
  adoptServiceAccountAlias(spec);
}

function defaultContainer(container: Container): void {
  container.imagePullPolicy ||= isLatestImage(container.image ?? "") ? "Always" : "IfNotPresent";
  container.terminationMessagePath ||= "/dev/termination-log";
  container.terminationMessagePolicy ||= "File";
  if (container.ports) for (const port of container.ports) port.protocol ||= "TCP";
  for (const { valueFrom } of container.env ?? []) {
    if (!valueFrom) continue;
    if (valueFrom.fieldRef) defaultFieldSelector(valueFrom.fieldRef);
    if (valueFrom.fileKeyRef) valueFrom.fileKeyRef.optional ??= false;
  }
  defaultResourceList(container.resources?.limits);
  defaultResourceList(container.resources?.requests);
  if (container.livenessProbe) defaultProbe(container.livenessProbe);
  if (container.readinessProbe) defaultProbe(container.readinessProbe);
  if (container.startupProbe) defaultProbe(container.startupProbe);
  if (container.lifecycle) defaultLifecycle(container.lifecycle);
}

/** SetDefaults_ObjectFieldSelector. */
export function defaultFieldSelector(selector: ObjectFieldSelector): void {
  selector.apiVersion ||= "v1";
}

function defaultProbe(probe: Probe): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (probe.httpGet) defaultHttpGet(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= "";
}

function defaultLifecycle({ postStart, preStop }: Lifecycle): void {
  if (postStart?.httpGet) defaultHttpGet(postStart.httpGet);
  if (preStop?.httpGet) defaultHttpGet(preStop.httpGet);
}

function defaultHttpGet(action: { path?: string; scheme?: string }): void {
  action.path ||= "/";
  action.scheme ||= "HTTP";
}

/** Requests that are left out are the limits: in pods only, never in templates. */
function defaultRequests({ resources }: Container): void {
  if (!resources?.limits) return;
  const requests: Record<string, string> = resources.requests ?? Object.create(null);
  resources.requests = requests;
  for (const [name, limit] of Object.entries(resources.limits)) {
    if (!Object.hasOwn(requests, name)) requests[name] = limit;
  }
}

function defaultHostPorts(containers: readonly Container[] | undefined): void {
  for (const { ports } of containers ?? []) {
    for (const port of ports ?? []) port.hostPort ||= port.containerPort;
  }
}

function defaultReplicationController(controller: ReplicationController): void {
  const spec = controller.spec;
  if (!spec) return;
  const labels = spec.template?.metadata?.labels;
  if (labels) {
    if (isEmpty(spec.selector)) spec.selector = { ...labels };
    if (isEmpty(controller.metadata.labels)) controller.metadata.labels = { ...labels };
  }
  spec.replicas ??= 1;
  defaultPodTemplate(spec.template);
}

const isEmpty = (map: object | undefined): boolean => !map || Object.keys(map).length === 0;
