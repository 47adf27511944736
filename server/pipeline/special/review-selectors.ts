/**
 * Selectors of an access review: nobody decides by them, but one that cannot be understood is told.
 * Source: pkg/registry/authorization/util.
 */
import { parseFieldSelector } from "../../../api/field-selectors.ts";
import { labelSelectorOf, parseLabelSelector, SelectorError } from "../../../api/selectors.ts";
import type { Schemas } from "../../../api/types.ts";

type SelectorAttributes = Pick<
  Schemas["io.k8s.api.authorization.v1.ResourceAttributes"],
  "fieldSelector" | "labelSelector"
>;
type Selector = NonNullable<SelectorAttributes["labelSelector"]>;
type Requirement = NonNullable<Selector["requirements"]>[number];

/** What the status says of selectors that are wrong, wholly or in part. */
export function selectorProblems(attributes: SelectorAttributes | undefined): string[] {
  const { fieldSelector, labelSelector } = attributes ?? {};
  return [
    ...problems("fieldSelector", fieldSelector, parseFieldSelector, isFieldRequirement),
    ...problems("labelSelector", labelSelector, parseLabelSelector, isLabelRequirement),
  ];
}

function problems(
  name: string,
  selector: Selector | undefined,
  parse: (text: string) => unknown,
  isKnown: (requirement: Requirement) => boolean,
): string[] {
  if (!selector) return [];
  const { rawSelector = "", requirements = [] } = selector;
  const known = requirements.filter(isKnown).length;
  const whole = requirements.length > 0 ? known === requirements.length : succeeds(() => parse(rawSelector));
  if (whole) return [];
  return [`spec.resourceAttributes.${name} ${known > 0 ? "partially " : ""}ignored due to parse error`];
}

const isFieldRequirement = ({ operator, values = [] }: Requirement): boolean =>
  (operator === "In" || operator === "NotIn") && values.length === 1;

const isLabelRequirement = (requirement: Requirement): boolean =>
  succeeds(() => labelSelectorOf({ matchExpressions: [requirement] }));

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}
