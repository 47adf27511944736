/**
 * Selectors of an access review, as far as they can be understood; the rest is told.
 * Source: pkg/registry/authorization/util.
 */
import { type FieldRequirement, parseFieldSelector } from "../../../api/field-selectors.ts";
import {
  type LabelRequirement,
  labelSelectorOf,
  parseLabelSelector,
  SelectorError,
} from "../../../api/selectors.ts";
import type { Schemas } from "../../../api/types.ts";

type SelectorAttributes = Pick<
  Schemas["io.k8s.api.authorization.v1.ResourceAttributes"],
  "fieldSelector" | "labelSelector"
>;
type Selector = NonNullable<SelectorAttributes["labelSelector"]>;
type Requirement = NonNullable<Selector["requirements"]>[number];

export interface ReviewSelectors {
  fieldSelector?: readonly FieldRequirement[];
  labelSelector?: readonly LabelRequirement[];
  /** What the status says of selectors that are wrong, wholly or in part. */
  problems: readonly string[];
}

export function reviewSelectors({ fieldSelector, labelSelector }: SelectorAttributes): ReviewSelectors {
  const problems: string[] = [];
  const fields = fieldSelector && read(fieldSelector, parseFieldSelector, fieldRequirement);
  const labels = labelSelector && read(labelSelector, parseLabelSelector, labelRequirements);
  for (const [name, found] of Object.entries({ fieldSelector: fields, labelSelector: labels })) {
    if (!found || found.complete) continue;
    const extent = found.requirements.length > 0 ? "partially ignored" : "ignored";
    problems.push(`spec.resourceAttributes.${name} ${extent} due to parse error`);
  }
  return {
    ...(fields?.requirements.length ? { fieldSelector: fields.requirements } : {}),
    ...(labels?.requirements.length ? { labelSelector: labels.requirements } : {}),
    problems,
  };
}

interface Found<T> {
  requirements: readonly T[];
  complete: boolean;
}

function read<T>(
  { rawSelector = "", requirements = [] }: Selector,
  parse: (text: string) => { requirements: readonly T[] },
  understand: (requirement: Requirement) => readonly T[] | undefined,
): Found<T> {
  if (requirements.length === 0) {
    const parsed = unlessWrong(() => parse(rawSelector).requirements);
    return { requirements: parsed ?? [], complete: parsed !== undefined };
  }
  const understood = requirements.map(understand);
  return {
    requirements: understood.flatMap((found) => found ?? []),
    complete: !understood.includes(undefined),
  };
}

function fieldRequirement({ key, operator, values = [] }: Requirement): FieldRequirement[] | undefined {
  const [value] = values;
  if (value === undefined || values.length > 1) return undefined;
  if (operator === "In") return [{ field: key, operator: "=", value }];
  return operator === "NotIn" ? [{ field: key, operator: "!=", value }] : undefined;
}

const labelRequirements = (requirement: Requirement): readonly LabelRequirement[] | undefined =>
  unlessWrong(() => labelSelectorOf({ matchExpressions: [requirement] }).requirements);

function unlessWrong<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}
