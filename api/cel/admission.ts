/**
 * Expressions of admission policies and webhooks. Source: k8s.io/apiserver/pkg/admission/plugin/cel (compile.go,
 * composition.go), pkg/cel/mutation.
 */
import type { CelCompiler, CelExpression, CelProblem } from "../validation/cel.ts";
import { type Compilation, celProblem, compileCel } from "./compile.ts";
import {
  type CelEnvironment,
  environmentWith,
  readStructs,
  readVariables,
  type StructFields,
} from "./environment.ts";
import { kubernetesMacros } from "./macros.ts";
import {
  any,
  bool,
  type CelType,
  celType,
  dyn,
  listType,
  sameType,
  string,
  structType,
  type TypeKind,
  typeText,
} from "./types.ts";

const strings = "list(string)";
const gvk = { group: "string", version: "string", kind: "string" };
const gvr = { group: "string", version: "string", resource: "string" };

const structs = readStructs({
  "kubernetes.GroupVersionKind": gvk,
  "kubernetes.GroupVersionResource": gvr,
  "kubernetes.UserInfo": {
    username: "string",
    uid: "string",
    groups: strings,
    extra: `map(string, ${strings})`,
  },
  "kubernetes.AdmissionRequest": {
    kind: ".kubernetes.GroupVersionKind",
    resource: ".kubernetes.GroupVersionResource",
    subResource: "string",
    requestKind: ".kubernetes.GroupVersionKind",
    requestResource: ".kubernetes.GroupVersionResource",
    requestSubResource: "string",
    name: "string",
    namespace: "string",
    operation: "string",
    userInfo: ".kubernetes.UserInfo",
    dryRun: "bool",
    options: "dyn",
  },
  "kubernetes.NamespaceSpec": { finalizers: strings },
  "kubernetes.NamespaceCondition": {
    status: "string",
    type: "string",
    lastTransitionTime: "timestamp",
    message: "string",
    reason: "string",
  },
  "kubernetes.NamespaceStatus": { conditions: "list(.kubernetes.NamespaceCondition)", phase: "string" },
  "kubernetes.NamespaceMetadata": {
    name: "string",
    generateName: "string",
    namespace: "string",
    labels: "map(string, string)",
    annotations: "map(string, string)",
    UID: "string",
    creationTimestamp: "timestamp",
    deletionGracePeriodSeconds: "int",
    deletionTimestamp: "timestamp",
    generation: "int",
    resourceVersion: "string",
    finalizers: strings,
  },
  "kubernetes.Namespace": {
    metadata: ".kubernetes.NamespaceMetadata",
    spec: ".kubernetes.NamespaceSpec",
    status: ".kubernetes.NamespaceStatus",
  },
});

const always = readVariables({
  object: "dyn",
  oldObject: "dyn",
  namespaceObject: ".kubernetes.Namespace",
  request: ".kubernetes.AdmissionRequest",
});
const withAuthorizer = readVariables({
  authorizer: ".kubernetes.authorization.Authorizer",
  "authorizer.requestResource": ".kubernetes.authorization.ResourceCheck",
});

const patchFields: Readonly<Record<string, CelType>> = { op: string, from: string, path: string, value: dyn };

/** The types that mutations are made of: Object, Object.spec and so on have whatever fields are wanted. */
function patchStruct(name: string): StructFields | undefined {
  if (name === "JSONPatch") return (field) => patchFields[field] ?? celType("unspecified");
  if (name === "Object" || name.startsWith("Object.")) return () => dyn;
  return undefined;
}

const variablesStruct = "kubernetes.variables";

const returnTypes: Readonly<Record<CelExpression["returns"], readonly CelType[]>> = {
  any: [any],
  bool: [bool],
  string: [string],
  stringOrNull: [string, celType("null")],
  object: [structType("Object")],
  jsonPatch: [listType(structType("JSONPatch"))],
};

const simple: readonly TypeKind[] = [
  "any",
  "bool",
  "bytes",
  "double",
  "duration",
  "int",
  "null",
  "string",
  "timestamp",
  "uint",
];

/** How much of a variable's type is known to those who use it. Source: convertCelTypeToDeclType. */
function keptType({ kind, parameters }: CelType): CelType {
  const isKept = simple.includes(kind) || kind === "list" || kind === "map";
  return isKept ? celType(kind, ...parameters.map(keptType)) : dyn;
}

function refusal(type: CelType, returns: CelExpression["returns"]): string | undefined {
  const allowed = returnTypes[returns];
  if (allowed.some((one) => one === any || sameType(one, type))) return undefined;
  const [first] = allowed;
  const wanted = allowed.length === 1 ? typeText(first!) : `one of [${allowed.map(typeText).join(" ")}]`;
  return `must evaluate to ${wanted} but got ${typeText(type)}`;
}

/** For the expressions of one object. */
export class AdmissionCompiler implements CelCompiler {
  /** Undefined: `variables` is unknown. */
  readonly #variables: Map<string, CelType> | undefined;

  constructor({ composes } = { composes: false }) {
    if (composes) this.#variables = new Map();
  }

  check(expression: CelExpression): CelProblem | undefined {
    return celProblem(this.#compile(expression), (type) => refusal(type, expression.returns));
  }

  declare(name: string, expression: CelExpression): CelProblem | undefined {
    const compilation = this.#compile(expression);
    const problem = celProblem(compilation, (type) => refusal(type, expression.returns));
    const isKnown = "type" in compilation && !problem;
    this.#variables?.set(name, isKnown ? keptType(compilation.type) : dyn);
    return problem;
  }

  #compile(expression: CelExpression): Compilation {
    return compileCel(expression.expression, this.#environment(expression), kubernetesMacros);
  }

  #environment({ hasParams, hasAuthorizer, hasPatchTypes }: CelExpression): CelEnvironment {
    const declared = this.#variables;
    return environmentWith({
      variables: new Map([
        ...always,
        ...(hasParams ? [["params", dyn] as const] : []),
        ...(hasAuthorizer ? withAuthorizer : []),
        ...(declared ? [["variables", structType(variablesStruct)] as const] : []),
      ]),
      struct(name) {
        if (declared && name === variablesStruct) return (field) => declared.get(field);
        return (hasPatchTypes ? patchStruct(name) : undefined) ?? structs(name);
      },
    });
  }
}
