/** Which names a definition gets. Source: k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go. */
import type { CustomResourceDefinition, DefinitionNames } from "../../api/custom/definition.ts";
import { goQuote } from "../../api/go-format.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";
import { findCondition, type NewCondition, sameCondition, withCondition } from "./conditions.ts";

/** The definition with its names accepted or refused; undefined: it stays as it is. */
export function acceptNames(
  definition: CustomResourceDefinition,
  all: Iterable<CustomResourceDefinition>,
  now: string,
): CustomResourceDefinition | undefined {
  const { spec, status } = definition;
  if (semanticEqual(spec.names, status.acceptedNames)) return undefined;
  const { names, condition } = decideNames(definition, all);
  const old = findCondition(definition, "NamesAccepted");
  if (semanticEqual(names, status.acceptedNames) && sameCondition(condition, old)) return undefined;
  const named = { ...definition, status: { ...status, acceptedNames: names } };
  const established = establishedCondition(definition, condition.status === "True");
  const accepted = withCondition(named, condition, now);
  return established ? withCondition(accepted, established, now) : accepted;
}

function decideNames(
  definition: CustomResourceDefinition,
  all: Iterable<CustomResourceDefinition>,
): { names: DefinitionNames; condition: NewCondition } {
  const { names: wanted } = definition.spec;
  const own = definition.status.acceptedNames;
  const { resources, kinds } = namesInUse(definition, all);
  const names: DefinitionNames = { ...own };
  let conflict: { reason: string; message: string } | undefined;
  const decide = (name: "plural" | "singular" | "kind" | "listKind", used: ReadonlySet<string>): void => {
    const asked = wanted[name] ?? "";
    if (asked !== (own[name] ?? "") && used.has(asked)) {
      const reason = `${name.charAt(0).toUpperCase()}${name.slice(1)}Conflict`;
      conflict = { reason, message: `${goQuote(asked)} is already in use` };
    } else names[name] = asked;
  };
  decide("plural", resources);
  decide("singular", resources);
  const taken = (wanted.shortNames ?? []).filter(
    (name) => !own.shortNames?.includes(name) && name !== "" && resources.has(name),
  );
  if (taken.length > 0) {
    const problems = [...new Set(taken)].map((name) => `${goQuote(name)} is already in use`);
    const message = problems.length === 1 ? problems[0]! : `[${problems.join(", ")}]`;
    conflict = { reason: "ShortNamesConflict", message };
  } else if (wanted.shortNames) names.shortNames = wanted.shortNames;
  else delete names.shortNames;
  decide("kind", kinds);
  decide("listKind", kinds);
  if (wanted.categories) names.categories = wanted.categories;
  else delete names.categories;
  const condition: NewCondition = conflict
    ? { type: "NamesAccepted", status: "False", ...conflict }
    : { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" };
  return { names, condition };
}

/** Accepted names of the whole group, the definition's own among them. */
function namesInUse(
  { spec }: CustomResourceDefinition,
  all: Iterable<CustomResourceDefinition>,
): { resources: ReadonlySet<string>; kinds: ReadonlySet<string> } {
  const resources = new Set<string>();
  const kinds = new Set<string>();
  for (const other of all) {
    if (other.spec.group !== spec.group) continue;
    const { plural, singular = "", shortNames = [], kind, listKind = "" } = other.status.acceptedNames;
    for (const name of [plural, singular, ...shortNames]) resources.add(name);
    for (const name of [kind, listKind]) kinds.add(name);
  }
  return { resources, kinds };
}

/** False at first: the resource is established when it is served. Undefined: it stays as it is. */
function establishedCondition(
  definition: CustomResourceDefinition,
  accepted: boolean,
): NewCondition | undefined {
  const old = findCondition(definition, "Established");
  if (old?.status === "True") return undefined;
  if (accepted) {
    const message = "the initial names have been accepted";
    return { type: "Established", status: "False", reason: "Installing", message };
  }
  if (old) return undefined;
  return {
    type: "Established",
    status: "False",
    reason: "NotAccepted",
    message: "not all names are accepted",
  };
}
