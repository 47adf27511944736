/** What was said and answered, before it is normalized. */

export interface Recorded {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Undefined: the body is a stream, recorded by steps of its own. */
  readonly body: Uint8Array | undefined;
  readonly compare: "all" | "head" | "status";
}

export interface Step extends Recorded {
  readonly label: string;
  readonly sent?: Uint8Array;
}

/** The headers that clients act upon. */
const COMPARED_HEADERS = [
  "content-type",
  "content-encoding",
  "warning",
  "retry-after",
  "allow",
  "location",
  "cache-control",
  "www-authenticate",
  "x-content-type-options",
];

export function contentHeaders(headers: Readonly<Record<string, readonly string[]>>): Recorded["headers"] {
  const kept: Record<string, readonly string[]> = {};
  for (const name of COMPARED_HEADERS) {
    const values = headers[name];
    if (values !== undefined) kept[name] = values;
  }
  return kept;
}
