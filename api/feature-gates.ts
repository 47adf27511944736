/** Feature gates of 1.36, by name; see --feature-gates. */
import { type FeatureStage, featureDependencies, featureGroups } from "./feature-gate-table.ts";
import { goBoolError, parseGoBool } from "./go-bool.ts";

export interface FeatureGates {
  /** Throws a RangeError on a name that 1.36 does not know. */
  enabled(name: string): boolean;
}

export interface FeatureGate {
  name: string;
  stage: FeatureStage;
  default: boolean;
  locked: boolean;
}

/** Every gate of 1.36 but AllAlpha and AllBeta, ordered by name. */
export const knownFeatureGates: readonly FeatureGate[] = featureGroups
  .flatMap(({ names, ...rest }) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => ({ name, ...rest })),
  )
  .filter(({ name }) => name !== "AllAlpha" && name !== "AllBeta")
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const gateByName: ReadonlyMap<string, FeatureGate> = new Map(
  knownFeatureGates.map((gate) => [gate.name, gate]),
);

/** The gates as a server has them without --feature-gates. */
export function defaultFeatureGates(): FeatureGates {
  return gatesWith(new Map());
}

/**
 * The gates as --feature-gates sets them ("A=true,B=false"; the flag may be repeated). Throws an Error with
 * upstream's text. Source: k8s.io/component-base/featuregate/feature_gate.go and compatibility/registry.go.
 */
export function parseFeatureGates(flags: string | readonly string[]): FeatureGates {
  const settings = parseSettings(componentOf(typeof flags === "string" ? [flags] : flags));
  const errors = [...settings].flatMap(([name, value]) => settingErrors(name, value));
  throwAll(errors);
  const gates = gatesWith(settings);
  throwAll(dependencyErrors(gates));
  return gates;
}

/** The pairs for this server: "kube:A=true" or just "A=true", but not a mix of both. */
function componentOf(flags: readonly string[]): string[] {
  const pairs = flags.flatMap((flag) => flag.split(",")).filter((pair) => pair !== "");
  const byComponent = new Map<string, string[]>();
  for (const pair of pairs) {
    const colon = pair.indexOf(":");
    const component = pair.slice(0, Math.max(colon, 0)).trim();
    byComponent.set(component, [...(byComponent.get(component) ?? []), pair.slice(colon + 1).trim()]);
  }
  if (byComponent.has("") && byComponent.has("kube")) {
    throw new Error(
      "set kube feature gates with default empty prefix or kube: prefix consistently, do not mix use",
    );
  }
  for (const component of byComponent.keys()) {
    if (component !== "" && component !== "kube") throw new Error(`component not registered: ${component}`);
  }
  return byComponent.get("") ?? byComponent.get("kube") ?? [];
}

function parseSettings(pairs: readonly string[]): Map<string, boolean> {
  const settings = new Map<string, boolean>();
  for (const pair of pairs.filter((one) => one !== "")) {
    const equals = pair.indexOf("=");
    const name = (equals < 0 ? pair : pair.slice(0, equals)).trim();
    if (equals < 0) throw new Error(`missing bool value for ${name}`);
    const text = pair.slice(equals + 1).trim();
    const value = parseGoBool(text);
    if (value === undefined) throw new Error(`invalid value of ${name}=${text}, err: ${goBoolError(text)}`);
    settings.set(name, value);
  }
  return settings;
}

function settingErrors(name: string, value: boolean): string[] {
  if (name === "AllAlpha" || name === "AllBeta") return [];
  const gate = gateByName.get(name);
  // Upstream gives up at the first unknown name.
  if (!gate) throw new Error(`unrecognized feature gate: ${name}`);
  if (!gate.locked || gate.default === value) return [];
  return [`cannot set feature gate ${name} to ${value}, feature is locked to ${gate.default}`];
}

function dependencyErrors(gates: FeatureGates): string[] {
  return Object.entries(featureDependencies).flatMap(([name, needed]) => {
    const off = gates.enabled(name) ? needed.filter((one) => !gates.enabled(one)) : [];
    return off.length === 0
      ? []
      : [`${name} is enabled, but depends on features that are disabled: [${off.join(" ")}]`];
  });
}

/** Several errors read "[one, another]". Source: apimachinery's Aggregate. */
function throwAll(errors: readonly string[]): void {
  const [first] = errors;
  if (first !== undefined) throw new Error(errors.length === 1 ? first : `[${errors.join(", ")}]`);
}

function gatesWith(settings: ReadonlyMap<string, boolean>): FeatureGates {
  const ofStage: Partial<Record<FeatureStage, boolean | undefined>> = {
    ALPHA: settings.get("AllAlpha"),
    BETA: settings.get("AllBeta"),
  };
  const values = new Map(
    knownFeatureGates.map((gate) => [
      gate.name,
      settings.get(gate.name) ?? ofStage[gate.stage] ?? gate.default,
    ]),
  );
  for (const name of ["AllAlpha", "AllBeta"]) values.set(name, settings.get(name) ?? false);
  return {
    enabled(name) {
      const value = values.get(name);
      if (value === undefined) throw new RangeError(`feature gate ${name} is not known in 1.36`);
      return value;
    },
  };
}
