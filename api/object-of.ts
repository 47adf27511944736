import type { ObjectMeta } from "./object.ts";
import type { Schemas } from "./types.ts";

/** A built-in kind as it is after decoding, where metadata is always there: ObjectOf<"io.k8s.api.core.v1.Service">. */
export type ObjectOf<Name extends keyof Schemas> = Omit<Schemas[Name], "metadata"> & { metadata: ObjectMeta };
