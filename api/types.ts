/** TypeScript types of the built-in kinds, e.g. Schemas["io.k8s.api.core.v1.Pod"]. */
import type { components } from "../openapi/generated/types.d.ts";

export type Schemas = components["schemas"];
