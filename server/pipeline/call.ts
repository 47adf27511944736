import type { FieldManagerWrite } from "../../api/apply/field-manager.ts";
import { managedFieldsProblem } from "../../api/apply/managers.ts";
import type { Clock, Random } from "../../api/clock.ts";
import { timestamp } from "../../api/clock.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { isGoPrintable } from "../../api/go-format.ts";
import type { KubeObject } from "../../api/object.ts";
import type { FieldValidation, WriteOptions } from "../../api/options.ts";
import { fieldManagerMaxLength } from "../../api/validation/object-meta.ts";
import type { AdmissionAttributes, Operation } from "../admission/attributes.ts";
import type { AdmissionChain } from "../admission/chain.ts";
import type { Authorizer } from "../auth/authorizer.ts";
import { requireAllowedByHandler } from "../auth/forbidden.ts";
import { resourceAttributes } from "../auth/resource-attributes.ts";
import type { Stored } from "../registry/store.ts";
import type { WriteContext } from "../registry/strategy.ts";
import type { WriteRequest } from "../registry/write-request.ts";
import type { ObjectAnswer } from "./answer.ts";
import { type Endpoint, type ObjectEndpoint, objectAnswer } from "./endpoint.ts";
import type { ApiRequest } from "./request.ts";

/** What every verb works with. */
export interface PipelineContext {
  clock: Clock;
  random: Random;
  gates: FeatureGates;
  admission: AdmissionChain;
  authorizer: Authorizer;
  /** Largest request body in bytes. */
  maxRequestBodyBytes: number;
  /** Watches without timeoutSeconds end after once to twice as many seconds. */
  minRequestTimeoutSeconds: number;
}

/** One write through an endpoint: what its steps have in common. */
export class WriteCall<E extends Endpoint = ObjectEndpoint> {
  readonly context: PipelineContext;
  readonly request: ApiRequest;
  readonly endpoint: E;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  readonly #manager: string;

  constructor(context: PipelineContext, request: ApiRequest, endpoint: E, options: WriteOptions) {
    this.context = context;
    this.request = request;
    this.endpoint = endpoint;
    this.dryRun = options.dryRun;
    this.fieldValidation = options.fieldValidation;
    this.#manager = options.fieldManager || managerOf(request.userAgent);
  }

  get fieldManagerWrite(): FieldManagerWrite {
    return { manager: this.#manager, now: timestamp(this.context.clock) };
  }

  /** The namespace that a strategy sees; namespaces themselves are in none. */
  writeRequest(): WriteRequest {
    return {
      context: this.writeContext(),
      dryRun: this.dryRun,
      admitCreate: async (object) => {
        if (this.request.verb !== "create") await this.#authorizeCreate();
        await this.validate("CREATE", object, undefined);
      },
      admitUpdate: (object, old) => this.validate("UPDATE", object, old),
      admitDelete: async (old) => {
        await this.admit("DELETE", undefined, old);
        await this.validate("DELETE", undefined, old);
      },
    };
  }

  /** Who updates or applies what is not there needs the right to create it. */
  async #authorizeCreate(): Promise<void> {
    const { user } = this.request;
    const attributes = resourceAttributes(user, { ...this.request, verb: "create" }, undefined);
    requireAllowedByHandler(attributes, await this.context.authorizer.authorize(attributes));
  }

  writeContext(): WriteContext {
    const { clock, random, gates } = this.context;
    const { user, namespace, version, verb, warn } = this.request;
    return { clock, random, gates, namespace, user, requestVersion: version, requestVerb: verb, warn };
  }

  /** Mutating admission. Managed fields that it has broken are as before. */
  async admit(
    operation: Operation,
    object: KubeObject | undefined,
    oldObject: KubeObject | undefined,
  ): Promise<void> {
    const before = object?.metadata.managedFields;
    await this.context.admission.admit(this.#attributes(operation, object, oldObject));
    const after = object?.metadata.managedFields;
    const problem = after === before ? undefined : managedFieldsProblem(after);
    if (!object || problem === undefined) return;
    if (before) object.metadata.managedFields = before;
    else delete object.metadata.managedFields;
    this.request.warn(
      `.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: ${problem}`,
    );
  }

  /** Both phases for a connection. Its options are no object: they have no metadata. */
  async admitConnection(options: KubeObject): Promise<void> {
    const attributes = this.#attributes("CONNECT", options, undefined);
    await this.context.admission.admit(attributes);
    await this.context.admission.validate(attributes);
  }

  validate(
    operation: Operation,
    object: KubeObject | undefined,
    oldObject: KubeObject | undefined,
  ): Promise<void> {
    return this.context.admission.validate(this.#attributes(operation, object, oldObject));
  }

  #attributes(
    operation: Operation,
    object: KubeObject | undefined,
    oldObject: KubeObject | undefined,
  ): AdmissionAttributes {
    const { group, version, resource, subresource, namespace, user } = this.request;
    const name = this.request.name || (object?.metadata.name ?? "");
    const isNamespace = group === "" && resource === "namespaces";
    return {
      operation,
      group,
      version,
      resource,
      subresource,
      kind: (this.endpoint.subresource?.kind ?? this.endpoint.info).kind,
      namespace: namespace || (isNamespace ? name : ""),
      name,
      object,
      oldObject,
      dryRun: this.dryRun,
      user,
      warn: (message) => this.request.warn(message),
    };
  }

  answer(this: WriteCall, code: number, stored: Stored): ObjectAnswer {
    return objectAnswer(this.endpoint, code, stored);
  }
}

/** "kubectl" of "kubectl/v1.36.3 (linux/amd64) …". Source: prefixFromUserAgent in k8s.io/apiserver. */
function managerOf(userAgent: string): string {
  const slash = userAgent.indexOf("/");
  const name = slash < 0 ? userAgent : userAgent.slice(0, slash);
  // Nearly every one is printable as it is, and short.
  if (/^[ -~]+$/.test(name) && name.length <= fieldManagerMaxLength) return name;
  let manager = "";
  for (const char of name) {
    if (!isGoPrintable(char)) continue;
    if (Buffer.byteLength(manager + char) > fieldManagerMaxLength) break;
    manager += char;
  }
  return manager || "unknown";
}

/** A write that an endpoint makes in its own way, without admission. */
export function specialWrite(
  { clock, random, gates }: PipelineContext,
  { user, namespace, version, warn }: ApiRequest,
  dryRun: boolean,
): WriteRequest {
  return { context: { clock, random, gates, namespace, user, requestVersion: version, warn }, dryRun };
}
