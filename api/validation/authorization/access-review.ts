/** Source: pkg/apis/authorization/validation/validation.go. */
import { goMetaValue, goString, goValue } from "../../go-value.ts";
import type { ObjectMeta } from "../../object.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import {
  type LabelSelectorRequirement,
  validateFieldSelectorRequirement,
  validateLabelSelectorRequirement,
} from "../labels.ts";

/** A review before it is answered. */
interface Asked<Spec> {
  metadata: ObjectMeta;
  spec: Spec;
}

type SubjectReview = Asked<Schemas["io.k8s.api.authorization.v1.SubjectAccessReviewSpec"]>;
type SelfReview = Asked<Schemas["io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec"]>;
type ResourceAttributes = Schemas["io.k8s.api.authorization.v1.ResourceAttributes"];
type NonResourceAttributes = Schemas["io.k8s.api.authorization.v1.NonResourceAttributes"];

const metadataPath = FieldPath.of("metadata");
const specPath = FieldPath.of("spec");
const resourcePath = specPath.child("resourceAttributes");
const nonResourcePath = specPath.child("nonResourceAttributes");

const goNonResource = { Path: goString("path"), Verb: goString("verb") };

function shownNonResource(attributes: NonResourceAttributes | undefined): unknown {
  return attributes ? goValue(goNonResource, attributes) : null;
}

/** ValidateSubjectAccessReview. */
export function validateSubjectAccessReview({ metadata, spec }: SubjectReview): FieldError[] {
  return [...validateSubjectSpec(spec), ...validateEmptyMetadata(metadata, "must be empty")];
}

/** ValidateSelfSubjectAccessReview. */
export function validateSelfSubjectAccessReview({ metadata, spec }: SelfReview): FieldError[] {
  return [
    ...validateAttributes(spec),
    ...validateResource(spec.resourceAttributes),
    ...validateEmptyMetadata(metadata, "must be empty"),
  ];
}

/** ValidateLocalSubjectAccessReview. */
export function validateLocalSubjectAccessReview({ metadata, spec }: SubjectReview): FieldError[] {
  const { namespace = "", ...others } = metadata;
  const errors = validateSubjectSpec(spec);
  if (validateEmptyMetadata(others, "").length > 0) {
    errors.push(
      invalid(metadataPath, goMetaValue("ObjectMeta", metadata), "must be empty except for namespace"),
    );
  }
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (resourceAttributes && (resourceAttributes.namespace ?? "") !== namespace) {
    const path = resourcePath.child("namespace");
    errors.push(invalid(path, resourceAttributes.namespace ?? "", "must match metadata.namespace"));
  }
  if (nonResourceAttributes) {
    const shown = shownNonResource(nonResourceAttributes);
    errors.push(invalid(nonResourcePath, shown, "disallowed on this kind of request"));
  }
  return errors;
}

function validateEmptyMetadata(metadata: ObjectMeta, detail: string): FieldError[] {
  const { managedFields: _, ...others } = metadata;
  return semanticEqual(others, {})
    ? []
    : [invalid(metadataPath, goMetaValue("ObjectMeta", metadata), detail)];
}

function validateSubjectSpec(spec: SubjectReview["spec"]): FieldError[] {
  const errors = validateAttributes(spec);
  if (!spec.user && !spec.groups?.length) {
    const detail = "at least one of user or group must be specified";
    errors.push(invalid(specPath.child("user"), spec.user ?? "", detail));
  }
  return [...errors, ...validateResource(spec.resourceAttributes)];
}

function validateAttributes({ resourceAttributes, nonResourceAttributes }: SelfReview["spec"]): FieldError[] {
  if (resourceAttributes && nonResourceAttributes) {
    const detail = "cannot be specified in combination with resourceAttributes";
    return [invalid(nonResourcePath, shownNonResource(nonResourceAttributes), detail)];
  }
  if (resourceAttributes || nonResourceAttributes) return [];
  const detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
  return [invalid(resourcePath, null, detail)];
}

interface SelectorAttributes {
  rawSelector?: string;
  requirements?: readonly LabelSelectorRequirement[];
}

/** validateResourceAttributes. */
function validateResource(attributes: ResourceAttributes | undefined): FieldError[] {
  if (!attributes) return [];
  const fieldPath = resourcePath.child("fieldSelector");
  const labelPath = resourcePath.child("labelSelector");
  return [
    ...validateSelector(attributes.fieldSelector, fieldPath, validateFieldSelectorRequirement),
    ...validateSelector(attributes.labelSelector, labelPath, validateLabelSelectorRequirement),
  ];
}

function validateSelector(
  selector: SelectorAttributes | undefined,
  path: FieldPath,
  validate: typeof validateLabelSelectorRequirement,
): FieldError[] {
  if (!selector) return [];
  const { rawSelector = "", requirements = [] } = selector;
  const errors: FieldError[] = [];
  if (rawSelector !== "" && requirements.length > 0) {
    const detail = "may not specified at the same time as requirements";
    errors.push(invalid(path.child("rawSelector"), rawSelector, detail));
  }
  if (rawSelector === "" && requirements.length === 0) {
    const detail = `when ${path} is specified, requirements or rawSelector is required`;
    errors.push(required(path.child("requirements"), detail));
  }
  requirements.forEach((requirement, index) => {
    const at = path.child("requirements").index(index);
    errors.push(...validate(requirement, { allowUnknownOperator: true }, at));
  });
  return errors;
}
