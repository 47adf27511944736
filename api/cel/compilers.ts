/** What compiles the expressions of built-in resources; heavy, and loaded when the first one is written. */
import { loadPatterns } from "../custom/pattern.ts";
import type { FeatureGates } from "../feature-gates.ts";
import type { CelCompiler, NewCelCompiler } from "../validation/cel.ts";
import { AdmissionCompiler } from "./admission.ts";
import { newDeviceCompiler } from "./device.ts";

export interface CelCompilers {
  admission: NewCelCompiler;
  device(gates: FeatureGates): CelCompiler;
}

export async function loadCelCompilers(): Promise<CelCompilers> {
  await loadPatterns();
  return { admission: (options) => new AdmissionCompiler(options), device: newDeviceCompiler };
}
