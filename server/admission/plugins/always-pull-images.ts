import { allContainers, type Pod, type PodSpec } from "../../../api/core-types.ts";
import { StatusError } from "../../../api/status.ts";
import { FieldPath, notSupported } from "../../../api/validation/field.ts";
import { type AdmissionAttributes, denied, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";

const always = "Always";
const specPath = FieldPath.of("spec");

/** Nobody uses an image without having shown that he may pull it. Source: plugin/pkg/admission/alwayspullimages. */
export const alwaysPullImages: AdmissionPlugin = {
  name: "AlwaysPullImages",
  rules: [{ operations: ["CREATE", "UPDATE"], resources: ["pods"], admit, validate }],
};

function admit(attributes: AdmissionAttributes): void {
  if (hasNoNewImages(attributes)) return;
  const spec = objectOf<Pod>(attributes).spec!;
  for (const container of allContainers(spec)) container.imagePullPolicy = always;
  for (const { image } of spec.volumes ?? []) if (image) image.pullPolicy = always;
}

function validate(attributes: AdmissionAttributes): void {
  if (hasNoNewImages(attributes)) return;
  const problems = [...wrongPolicies(objectOf<Pod>(attributes).spec!)].map(({ path, policy }) => {
    const { field, body } = notSupported(path, policy ?? "", [always]);
    return denied(attributes, `${field}: ${body}`).message;
  });
  if (problems.length === 0) return;
  // Upstream puts its errors together in one of no kind that the API knows.
  throw new StatusError(500, "", problems.length === 1 ? problems[0]! : `[${problems.join(", ")}]`);
}

function* wrongPolicies(spec: PodSpec): Generator<{ path: FieldPath; policy: string | undefined }> {
  for (const list of ["initContainers", "containers", "ephemeralContainers"] as const) {
    for (const [i, { imagePullPolicy }] of (spec[list] ?? []).entries()) {
      if (imagePullPolicy !== always)
        yield { path: specPath.child(list).index(i).child("imagePullPolicy"), policy: imagePullPolicy };
    }
  }
  for (const [i, { image }] of (spec.volumes ?? []).entries()) {
    if (image && image.pullPolicy !== always)
      yield {
        path: specPath.child("volumes").index(i).child("image", "pullPolicy"),
        policy: image.pullPolicy,
      };
  }
}

/** Whether it is an update that names no image anew. */
function hasNoNewImages(attributes: AdmissionAttributes): boolean {
  if (attributes.operation !== "UPDATE") return false;
  const images = (pod: Pod) => [...allContainers(pod.spec!)].map(({ image = "" }) => image);
  const known = new Set(images(oldObjectOf<Pod>(attributes)));
  return images(objectOf<Pod>(attributes)).every((image) => known.has(image));
}
