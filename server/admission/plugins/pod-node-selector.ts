import type { Pod } from "../../../api/core-types.ts";
import type { JsonObject } from "../../../api/object.ts";
import { forbidden, StatusError } from "../../../api/status.ts";
import { invalid } from "../../../api/validation/field.ts";
import { checkLabelValue, checkQualifiedName } from "../../../api/validation/names.ts";
import { type AdmissionAttributes, objectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, namespaces } from "../objects.ts";

const annotation = "scheduler.alpha.kubernetes.io/node-selector";

/** Selectors that hold for pods of all namespaces without their own, and those that namespaces may choose from. */
export interface NodeSelectors {
  clusterDefault: string;
  /** By namespace. */
  allowed: Readonly<Record<string, string>>;
}

export const noNodeSelectors: NodeSelectors = { clusterDefault: "", allowed: {} };

/** Reads the plug-in's configuration, which has no kind. Source: readConfig. */
export function readNodeSelectors(value: JsonObject): NodeSelectors {
  const selectors = (value["podNodeSelectorPluginConfig"] ?? {}) as Record<string, string>;
  const { clusterDefaultNodeSelector: clusterDefault = "", ...allowed } = selectors;
  return { clusterDefault, allowed };
}

/** Pods of a namespace go to its nodes only. Source: plugin/pkg/admission/podnodeselector. */
export function podNodeSelector(
  objects: AdmissionObjects,
  { clusterDefault, allowed }: NodeSelectors,
): AdmissionPlugin {
  const selectorOf = async (namespace: string): Promise<Record<string, string>> => {
    const found = await objects.get(namespaces, "", namespace);
    if (!found) throw new StatusError(500, "", `namespace ${namespace} does not exist`);
    return parseLabels(found.metadata.annotations?.[annotation] ?? clusterDefault);
  };
  const checked = async (attributes: AdmissionAttributes) => {
    const { group, resource, namespace } = attributes;
    const { metadata, spec } = objectOf<Pod>(attributes);
    const own = spec?.nodeSelector ?? {};
    const selector = await selectorOf(namespace);
    const refusal = (problem: string) => forbidden({ group, resource }, metadata?.name ?? "", problem);
    const isConflict = (key: string) => Object.hasOwn(own, key) && own[key] !== selector[key];
    if (Object.keys(selector).some(isConflict))
      throw refusal("pod node label selector conflicts with its namespace node label selector");
    return { selector, own, refusal };
  };
  const validate = async (attributes: AdmissionAttributes): Promise<void> => {
    const { own, refusal } = await checked(attributes);
    const choice = parseLabels(allowed[attributes.namespace] ?? "");
    const isAllowed = ([key, value]: [string, string]) => choice[key] === value;
    if (Object.keys(choice).length > 0 && !Object.entries(own).every(isAllowed))
      throw refusal("pod node label selector labels conflict with its namespace whitelist");
  };
  const admit = async (attributes: AdmissionAttributes): Promise<void> => {
    const { selector } = await checked(attributes);
    const spec = objectOf<Pod>(attributes).spec!;
    if (Object.keys(selector).length > 0) spec.nodeSelector = { ...selector, ...spec.nodeSelector };
    await validate(attributes);
  };
  return {
    name: "PodNodeSelector",
    rules: [
      {
        operations: ["CREATE"],
        resources: ["pods"],
        admit,
        validate,
      },
    ],
  };
}

/** "a=b,c=d". Source: ConvertSelectorToLabelsMap of apimachinery/pkg/labels. */
function parseLabels(text: string): Record<string, string> {
  if (text === "") return {};
  const labels = text.split(",").map((part): [string, string] => {
    const parts = part.split("=");
    if (parts.length !== 2) throw new StatusError(500, "", `invalid selector: [${parts.join(" ")}]`);
    const [key, value] = [parts[0]!.trim(), parts[1]!.trim()];
    refuse("<nil>", key, checkQualifiedName(key));
    refuse(`[${key}]`, value, checkLabelValue(value));
    return [key, value];
  });
  return Object.fromEntries(labels);
}

function refuse(field: string, text: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const { body } = invalid(field, text, problems.join("; "));
  throw new StatusError(500, "", `${field}: ${body}`);
}
