/** Which type may stand for which. Source: cel-go checker/types.go, checker/mapping.go. */
import {
  type CelType,
  celType,
  dyn,
  formatType,
  isDyn,
  listType,
  mapType,
  opaqueType,
  sameType,
} from "./types.ts";

/** What type parameters stand for. */
export type Mapping = ReadonlyMap<string, CelType>;

type OpenMapping = Map<string, CelType>;

/** The mapping under which every type of one list may stand for that of the other; undefined: there is none. */
export function unify(mapping: Mapping, a: readonly CelType[], b: readonly CelType[]): Mapping | undefined {
  const open = new Map(mapping);
  return areAssignable(open, a, b) ? open : undefined;
}

function areAssignable(mapping: OpenMapping, a: readonly CelType[], b: readonly CelType[]): boolean {
  return a.length === b.length && a.every((type, index) => isAssignable(mapping, type, b[index]!));
}

const nullable: ReadonlySet<string> = new Set(["opaque", "struct", "any", "duration", "timestamp", "null"]);
const compound: ReadonlySet<string> = new Set(["opaque", "list", "map"]);

function isAssignable(mapping: OpenMapping, a: CelType, b: CelType): boolean {
  if (b.kind === "parameter") {
    const result = substitutes(mapping, a, b);
    if (result !== "free") return result;
  }
  if (a.kind === "parameter") return substitutes(mapping, b, a) === true;
  if (isDyn(a) || isDyn(b) || a.kind === "error" || b.kind === "error") return true;
  if (a.kind === "null") return nullable.has(b.kind);
  if (b.kind === "null") return nullable.has(a.kind);
  if (a.kind === "type") return b.kind === "type";
  if (!compound.has(a.kind)) return sameType(b, a);
  return a.kind === b.kind && a.name === b.name && areAssignable(mapping, a.parameters, b.parameters);
}

/** Whether the type may stand for the parameter; "free": it may not, but something else still may. */
function substitutes(mapping: OpenMapping, type: CelType, parameter: CelType): boolean | "free" {
  if (sameType(type, parameter)) return true;
  const known = mapping.get(formatType(parameter));
  if (known) {
    if (sameType(type, known)) return true;
    if (!isAssignable(mapping, type, known)) return false;
    const general = mostGeneral(type, known);
    if (!occursIn(mapping, parameter, general)) mapping.set(formatType(parameter), general);
    return true;
  }
  if (occursIn(mapping, parameter, type)) return "free";
  mapping.set(formatType(parameter), type);
  return true;
}

function occursIn(mapping: Mapping, type: CelType, within: CelType): boolean {
  if (sameType(type, within)) return true;
  if (within.kind === "parameter") {
    const known = mapping.get(formatType(within));
    return known !== undefined && occursIn(mapping, type, known);
  }
  return within.parameters.some((parameter) => occursIn(mapping, type, parameter));
}

export const mostGeneral = (a: CelType, b: CelType): CelType => (isLessSpecific(a, b) ? a : b);

function isLessSpecific(a: CelType, b: CelType): boolean {
  if (isDyn(a) || a.kind === "parameter") return true;
  if (isDyn(b) || b.kind === "parameter" || a.kind !== b.kind) return false;
  if (a.kind === "type") return true;
  if (!compound.has(a.kind)) return sameType(a, b);
  return (
    a.name === b.name &&
    a.parameters.length === b.parameters.length &&
    a.parameters.every((parameter, index) => isLessSpecific(parameter, b.parameters[index]!))
  );
}

/** The type with its parameters replaced; those that stand for nothing become dyn where that is asked. */
export function substitute(mapping: Mapping, type: CelType, freeToDyn = false): CelType {
  const known = mapping.get(formatType(type));
  if (known) return substitute(mapping, known, freeToDyn);
  if (type.kind === "parameter") return freeToDyn ? dyn : type;
  const parameters = type.parameters.map((parameter) => substitute(mapping, parameter, freeToDyn));
  switch (type.kind) {
    case "opaque":
      return opaqueType(type.name, parameters);
    case "list":
      return listType(parameters[0]!);
    case "map":
      return mapType(parameters[0]!, parameters[1]!);
    case "type":
      return celType("type", ...parameters);
    default:
      return type;
  }
}
