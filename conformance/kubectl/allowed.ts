/** Differences of kubectl's output that are meant to be; see differential/allowed.ts. */

import type { Allowed } from "../differential/allowed.ts";

export const ALLOWED: readonly Allowed[] = [];
