import { Quantity } from "../quantity.ts";

/**
 * Amounts are kept in thousandths: SetDefaults_ResourceList of pkg/apis/core/v1/defaults.go rounds finer ones up. The
 * list holds canonical texts, as decoding gives them.
 */
export function defaultResourceList(list: Record<string, string> | undefined): void {
  for (const resource in list) {
    if (!Object.hasOwn(list, resource)) continue;
    const text = list[resource]!;
    // Only these can be finer: almost no quantity is parsed here.
    if (/[nu]$|e-/.test(text)) list[resource] = Quantity.parse(text).roundUp(-3).toString();
  }
}
