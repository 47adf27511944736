/** Bounds the requests that are being worked on. Source: k8s.io/apiserver/pkg/server/filters/maxinflight.go. */
export class InFlightLimit {
  readonly #limits: { readOnly: number; mutating: number };
  readonly #running = { readOnly: 0, mutating: 0 };

  /** 0: no limit. */
  constructor(readOnly: number, mutating: number) {
    this.#limits = { readOnly, mutating };
  }

  get running(): { readonly readOnly: number; readonly mutating: number } {
    return this.#running;
  }

  /** A function that ends the request, or undefined where there are too many. */
  begin(kind: "readOnly" | "mutating"): (() => void) | undefined {
    const limit = this.#limits[kind];
    if (limit > 0 && this.#running[kind] >= limit) return undefined;
    this.#running[kind]++;
    return () => {
      this.#running[kind]--;
    };
  }
}

const readOnlyVerbs = new Set(["get", "list", "watch", "head", "options"]);

export function requestKind(verb: string): "readOnly" | "mutating" {
  return readOnlyVerbs.has(verb) ? "readOnly" : "mutating";
}

const longRunningSubresources = new Set(["attach", "exec", "proxy", "log", "portforward"]);

/** Requests that last as long as the client wants; they are not counted. Source: DefaultLongRunningFunc's set up. */
export function isLongRunning(verb: string, subresource: string): boolean {
  return verb === "watch" || verb === "proxy" || longRunningSubresources.has(subresource);
}
