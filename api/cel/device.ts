/** Selectors of devices. Source: k8s.io/dynamic-resource-allocation/cel/compile.go. The cost of a selector is not estimated. */
import type { FeatureGates } from "../feature-gates.ts";
import type { CelCompiler } from "../validation/cel.ts";
import { celProblem, compileCel } from "./compile.ts";
import {
  type CelEnvironment,
  environmentWith,
  readOverloads,
  readStructs,
  readVariables,
} from "./environment.ts";
import { macrosWithBind } from "./macros.ts";
import { type CelType, typeText } from "./types.ts";

const variables = readVariables({ device: ".kubernetes.DRADevice" });

function environmentOf(gates: FeatureGates): CelEnvironment {
  const hasLists = gates.enabled("DRAListTypeAttributes");
  const fields = {
    driver: "string",
    attributes: `map(string, map(string, ${hasLists ? "dyn" : "any"}))`,
    capacity: "map(string, map(string, .kubernetes.Quantity))",
    ...(gates.enabled("DRAConsumableCapacity") ? { allowMultipleAllocations: "bool" } : {}),
  };
  return environmentWith({
    variables,
    struct: readStructs({ "kubernetes.DRADevice": fields }),
    functions: hasLists ? { includes: readOverloads(["dyn.(dyn) -> bool"]) } : {},
  });
}

/** Selectors give a bool, or what is not known before they run. */
export function newDeviceCompiler(gates: FeatureGates): CelCompiler {
  const environment = environmentOf(gates);
  const allowed = gates.enabled("DRAListTypeAttributes") ? ["bool", "any", "dyn"] : ["bool", "any"];
  const refusal = (type: CelType) =>
    allowed.includes(type.kind)
      ? undefined
      : `must evaluate to bool or the unknown type, not ${typeText(type)}`;
  const check: CelCompiler["check"] = ({ expression }) =>
    celProblem(compileCel(expression, environment, macrosWithBind), refusal);
  return { check, declare: (_, expression) => check(expression) };
}
