import { allContainers } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import {
  type CheckedPod,
  type CheckPod,
  containersText,
  containersThat,
  plural,
  quoted,
  settersText,
  sorted,
} from "./check.ts";

const reason = "seccompProfile";
const podAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const containerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

/** Before there were fields. */
export const forbiddenSeccompAnnotations: CheckPod = ({ metadata, spec }) => {
  const annotations = metadata.annotations ?? {};
  const keys = [podAnnotation, ...[...allContainers(spec)].map(({ name }) => containerAnnotation + name)];
  const forbidden = sorted(
    keys
      .filter((key) => annotations[key] !== undefined && !isAnnotationValue(annotations[key]))
      .map((key) => `${key}=${goQuote(annotations[key]!)}`),
  );
  if (forbidden.length === 0) return undefined;
  return { reason, detail: `forbidden ${plural("annotation", forbidden.length)} ${forbidden.join(", ")}` };
};

const isAnnotationValue = (value: string): boolean =>
  value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");

/** Profiles that are set must be good ones. */
export const forbiddenSeccompProfiles: CheckPod = (pod) => {
  const bad: string[] = [];
  const isBad = (type: string | undefined): boolean => {
    if (type === undefined || isGood(type)) return false;
    bad.push(type);
    return true;
  };
  const podSets = isBad(podProfile(pod));
  const containers = containersThat(pod, ({ securityContext }) =>
    isBad(securityContext?.seccompProfile?.type),
  );
  const setters = settersText(podSets, containers);
  if (setters === "") return undefined;
  return {
    reason,
    detail: `${setters} must not set securityContext.seccompProfile.type to ${quoted(sorted(bad))}`,
  };
};

/** Every container must have a good one, of its own or of the pod. */
export const requiredSeccompProfiles: CheckPod = (pod) => {
  const forbidden = forbiddenSeccompProfiles(pod);
  if (forbidden || isGood(podProfile(pod))) return forbidden;
  const without = containersThat(pod, ({ securityContext }) => !securityContext?.seccompProfile);
  if (without.length === 0) return undefined;
  return {
    reason,
    detail: `pod or ${containersText(without)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

const podProfile = ({ spec }: CheckedPod): string | undefined => spec.securityContext?.seccompProfile?.type;

const isGood = (type: string | undefined): boolean => type === "Localhost" || type === "RuntimeDefault";
