/**
 * A map with nothing in it that is not nil. JSON's `{}` is that or a struct of which nothing is set, and only the type
 * tells which: decoding makes maps of this class, so that semanticEqual can see that one equals an absent map.
 */
export class EmptyMap {
  readonly [key: string]: never;
}

/** It may have been filled since. */
export function isEmptyMap(value: object): boolean {
  return value instanceof EmptyMap && Object.keys(value).length === 0;
}
