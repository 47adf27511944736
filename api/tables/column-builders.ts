import type { Container } from "../core-types.ts";
import { labelSelectorFromSet } from "../selectors.ts";
import type { LabelSelector as SelectorObject } from "../validation/labels.ts";
import { usableSelector } from "../validation/usable-selector.ts";
import type { Cell, Column, FieldDoc } from "./columns.ts";

/** Fields of the structs of one API version: docsOf("apps.v1")("DeploymentSpec", "selector"). */
export const docsOf =
  (version: string) =>
  (kind: string, field: string): FieldDoc => ({ struct: `io.k8s.api.${version}.${kind}`, field });

export const text = (name: string, description: string | FieldDoc, priority = 0): Column => ({
  name,
  type: "string",
  description,
  priority,
});

export const integer = (name: string, description: string | FieldDoc): Column => ({
  name,
  type: "integer",
  description,
});

/** Of a pod template, with -o wide. */
export const containerColumns: readonly Column[] = [
  text("Containers", "Names of each container in the template.", 1),
  text("Images", "Images referenced by each container in the template.", 1),
];

export function containerCells(containers: readonly Container[] | null | undefined): Cell[] {
  const all = containers ?? [];
  return [all.map(({ name }) => name).join(","), all.map(({ image }) => image ?? "").join(",")];
}

/** metav1.FormatLabelSelector. */
export function selectorText(object: SelectorObject | null | undefined): string {
  const selector = usableSelector(object);
  return selector ? selector.toString() || "<none>" : "<error>";
}

/** labels.FormatLabels. */
export const labelsText = (labels: Readonly<Record<string, string>> | undefined): string =>
  labelSelectorFromSet(labels).toString() || "<none>";
