/** How defaults of built-in kinds are declared: one table a group, composed in defaults.ts. */
import type { FeatureGates } from "../feature-gates.ts";
import type { KubeObject } from "../object.ts";

export interface DefaultsContext {
  gates: FeatureGates;
}

/** Fills in what a client left out, in place, as upstream's SetObjectDefaults_<Kind> does. */
export type Defaulter<T extends KubeObject = KubeObject> = {
  // A method's parameter may be narrower than KubeObject: a defaulter is only called with its own kind.
  call(object: T, context: DefaultsContext): void;
}["call"];

/** By apiVersion ("v1", "apps/v1"), then by kind. Kinds without defaults are absent. */
export type DefaultsTable = Readonly<Record<string, Readonly<Record<string, Defaulter>>>>;
