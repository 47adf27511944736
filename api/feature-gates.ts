/** Feature gates of 1.36, by name; see --feature-gates. */
export interface FeatureGates {
  /** Throws a RangeError on a name that 1.36 does not know. */
  enabled(name: string): boolean;
}
