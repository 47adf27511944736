/**
 * Security profiles once were annotations; where both are given they must agree.
 * Source: validateSeccompAnnotationsAndFields and validateAppArmorAnnotationsAndFieldsMatchOnCreate in
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go, ApparmorFieldForAnnotation in pkg/api/pod/util.go.
 */
import type { AppArmorProfile, PodSpec, SeccompProfile } from "../../core-types.ts";
import { type FieldError, type FieldPath, forbidden } from "../field.ts";
import { visitContainers } from "./visit-containers.ts";

export const appArmorAnnotationPrefix = "container.apparmor.security.beta.kubernetes.io/";
export const seccompPodAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
export const seccompAnnotationPrefix = "container.seccomp.security.alpha.kubernetes.io/";

type Annotations = Readonly<Record<string, string>>;

/** What the annotation of a profile of a type says. */
const annotationValues: ReadonlyMap<string, readonly string[]> = new Map([
  ["Unconfined", ["unconfined"]],
  ["RuntimeDefault", ["runtime/default"]],
]);

const localhost = "localhost/";

/** The profile that an AppArmor annotation stands for; undefined where it stands for none. */
export function appArmorProfileOf(annotation: string): AppArmorProfile | undefined {
  for (const [type, [value]] of annotationValues) {
    if (annotation === value) return { type } as AppArmorProfile;
  }
  if (!annotation.startsWith(localhost) || annotation === localhost) return undefined;
  return { type: "Localhost", localhostProfile: annotation.slice(localhost.length) };
}

/** Errors where the annotations of a new pod (or template) and its fields disagree. */
export function validateProfileAnnotations(
  annotations: Annotations | undefined,
  spec: PodSpec,
  specPath: FieldPath,
): FieldError[] {
  if (!annotations) return [];
  return [
    ...validateSeccomp(annotations, spec, specPath),
    ...(spec.os?.name === "windows" ? [] : validateAppArmor(annotations, spec, specPath)),
  ];
}

function validateSeccomp(annotations: Annotations, spec: PodSpec, specPath: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const ofPod = spec.securityContext?.seccompProfile;
  if (ofPod && Object.hasOwn(annotations, seccompPodAnnotation)) {
    const at = specPath.child("securityContext", "seccompProfile");
    errors.push(...compare("seccomp", annotations[seccompPodAnnotation]!, ofPod, at));
  }
  visitContainers(spec, specPath, (container, path) => {
    const profile = container.securityContext?.seccompProfile;
    if (!profile) return;
    const key = `${seccompAnnotationPrefix}${container.name}`;
    if (!Object.hasOwn(annotations, key)) return;
    const at = path.child("securityContext", "seccompProfile");
    errors.push(...compare("seccomp", annotations[key]!, profile, at));
  });
  return errors;
}

function validateAppArmor(annotations: Annotations, spec: PodSpec, specPath: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const ofPod = spec.securityContext?.appArmorProfile;
  visitContainers(spec, specPath, (container, path) => {
    const profile = container.securityContext?.appArmorProfile ?? ofPod;
    if (!profile) return;
    const key = `${appArmorAnnotationPrefix}${container.name}`;
    if (!Object.hasOwn(annotations, key)) return;
    const at = path.child("securityContext", "appArmorProfile");
    errors.push(...compare("apparmor", annotations[key]!, profile, at));
  });
  return errors;
}

function compare(
  kind: "seccomp" | "apparmor",
  annotation: string,
  profile: SeccompProfile | AppArmorProfile,
  path: FieldPath,
): FieldError[] {
  const wrongType = [forbidden(path.child("type"), `${kind} type in annotation and field must match`)];
  if (profile.type === "Localhost") {
    if (!annotation.startsWith(localhost)) return wrongType;
    if (profile.localhostProfile === annotation.slice(localhost.length)) return [];
    const detail = `${kind} profile in annotation and field must match`;
    return [forbidden(path.child("localhostProfile"), detail)];
  }
  const values = annotationValues.get(profile.type);
  if (!values || values.includes(annotation)) return [];
  const isOldDefault = kind === "seccomp" && annotation === "docker/default";
  return isOldDefault && profile.type === "RuntimeDefault" ? [] : wrongType;
}
