/** CBOR is described only where it is served: behind the feature gate CBORServingAndStorage. */
const CBOR: ReadonlySet<string> = new Set([
  "application/cbor",
  "application/cbor-seq",
  "application/apply-patch+cbor",
]);

export function servedMediaTypes(types: readonly string[], cbor: boolean): string[] {
  return types.filter((type) => cbor || !CBOR.has(type));
}

export const statusTexts: Readonly<Record<string, string>> = {
  "200": "OK",
  "201": "Created",
  "202": "Accepted",
  "401": "Unauthorized",
};
