import type { Container, Pod, PodSpec } from "../../../api/core-types.ts";
import { goQuote } from "../../../api/go-format.ts";
import { jsonEqual } from "../../../api/json-equal.ts";
import type { JsonValue, KubeObject, ObjectMeta } from "../../../api/object.ts";
import { forbidden, internalError, invalid } from "../../../api/status.ts";
import { type AdmissionAttributes, objectOf, oldObjectOf } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, namespaces, pods } from "../objects.ts";
import type { CheckedPod } from "../pod-security/check.ts";
import { defaultPodSecurity, type PodSecurityConfiguration } from "../pod-security/configuration.ts";
import { detailsText, violations } from "../pod-security/evaluate.ts";
import { existingPodWarnings } from "../pod-security/existing-pods.ts";
import {
  compareLevels,
  isFullyPrivileged,
  type LevelVersion,
  levelText,
  type Mode,
  type ParsedPolicy,
  type Policy,
  policyOf,
  prefix,
  sameLevel,
} from "../pod-security/policy.ts";

/** Where the kinds that make pods have their template. */
const templates: Readonly<Record<string, (object: JsonPath) => JsonPath | undefined>> = {
  podtemplates: ({ template }) => template,
  replicationcontrollers: ({ spec }) => spec?.["template"],
  "replicasets.apps": ({ spec }) => spec?.["template"],
  "deployments.apps": ({ spec }) => spec?.["template"],
  "statefulsets.apps": ({ spec }) => spec?.["template"],
  "daemonsets.apps": ({ spec }) => spec?.["template"],
  "jobs.batch": ({ spec }) => spec?.["template"],
  "cronjobs.batch": ({ spec }) => spec?.["jobTemplate"]?.["spec"]?.["template"],
};

interface JsonPath {
  [field: string]: JsonPath | undefined;
}

/**
 * Holds pods to the level that the labels of their namespace name, and warns of templates that would not pass.
 * Source: k8s.io/pod-security-admission/admission.
 */
export function podSecurity(
  objects: AdmissionObjects,
  configuration: PodSecurityConfiguration = defaultPodSecurity,
): AdmissionPlugin {
  const guard = new PodSecurity(objects, configuration);
  const operations = ["CREATE", "UPDATE"] as const;
  const ofTemplate = (resource: string) => ({
    operations,
    resources: [resource],
    validate: (attributes: AdmissionAttributes) =>
      guard.checkTemplate(attributes, templates[resource]!(objectOf<JsonPath>(attributes))),
  });
  return {
    name: "PodSecurity",
    rules: [
      { operations, resources: ["namespaces"], validate: (attributes) => guard.checkNamespace(attributes) },
      {
        operations,
        resources: ["pods", "pods/ephemeralcontainers", "pods/resize"],
        validate: (attributes) => guard.checkPod(attributes),
      },
      ...Object.keys(templates).map(ofTemplate),
    ],
  };
}

class PodSecurity {
  readonly #objects: AdmissionObjects;
  readonly #configuration: PodSecurityConfiguration;
  /** Of namespaces as they are stored, which never change. */
  readonly #policies = new WeakMap<KubeObject, ParsedPolicy>();

  constructor(objects: AdmissionObjects, configuration: PodSecurityConfiguration) {
    this.#objects = objects;
    this.#configuration = configuration;
  }

  async checkPod(attributes: AdmissionAttributes): Promise<void> {
    const { namespace, operation } = attributes;
    if (this.#isExempt(attributes)) return;
    const parsed = await this.#policyFor(namespace);
    if (!parsed) throw internalError(`failed to lookup namespace ${goQuote(namespace)}`);
    if (parsed.errors.length === 0 && isFullyPrivileged(parsed.policy)) return;
    const pod = objectOf<Pod>(attributes);
    if (operation === "UPDATE" && !isSignificant(pod.spec!, oldObjectOf<Pod>(attributes).spec!)) return;
    this.#evaluate(attributes, parsed.policy, pod as CheckedPod, true);
  }

  async checkTemplate(attributes: AdmissionAttributes, template: JsonPath | undefined): Promise<void> {
    if (!template || this.#isExempt(attributes)) return;
    const parsed = await this.#policyFor(attributes.namespace);
    if (!parsed || parsed.policy.warn.level === "privileged") return;
    const { metadata = {}, spec = {} } = template;
    const pod = { metadata: metadata as ObjectMeta, spec: spec as unknown as PodSpec };
    this.#evaluate(attributes, parsed.policy, pod, false);
  }

  #isExempt({ namespace, user }: AdmissionAttributes): boolean {
    const { namespaces, usernames } = this.#configuration.exemptions;
    return namespaces.includes(namespace) || usernames.includes(user.name);
  }

  /** undefined: there is no such namespace. */
  async #policyFor(namespace: string): Promise<ParsedPolicy | undefined> {
    const found = await this.#objects.get(namespaces, "", namespace);
    if (!found) return undefined;
    let policy = this.#policies.get(found);
    if (!policy) {
      policy = this.#parse(found.metadata.labels ?? {});
      this.#policies.set(found, policy);
    }
    return policy;
  }

  #evaluate(
    { group, resource, name, warn }: AdmissionAttributes,
    policy: Policy,
    pod: CheckedPod,
    enforces: boolean,
  ): void {
    const { runtimeClasses } = this.#configuration.exemptions;
    if (pod.spec.runtimeClassName && runtimeClasses.includes(pod.spec.runtimeClassName)) return;
    const problemOf = (level: LevelVersion): string | undefined => {
      const all = violations(level, pod);
      return all.length > 0 ? `PodSecurity ${goQuote(levelText(level))}: ${detailsText(all)}` : undefined;
    };
    const refusal = enforces ? problemOf(policy.enforce) : undefined;
    if (refusal !== undefined) throw forbidden({ group, resource }, name, `violates ${refusal}`);
    const warning = problemOf(policy.warn);
    if (warning !== undefined) warn(`would violate ${warning}`);
  }

  async checkNamespace(attributes: AdmissionAttributes): Promise<void> {
    const { operation, name } = attributes;
    const labels = objectOf<KubeObject>(attributes).metadata.labels ?? {};
    const parsed = this.#parse(labels);
    if (operation === "CREATE") {
      requireValid(name, parsed);
      if (this.#exempts(name)) this.#warnOfExemption(attributes, parsed.policy, labels);
      return;
    }
    const old = this.#parse(oldObjectOf<KubeObject>(attributes).metadata.labels ?? {});
    if (!sameErrors(parsed, old)) requireValid(name, parsed);
    const [next, before] = [parsed.policy.enforce, old.policy.enforce];
    if (sameLevel(next, before) || next.level === "privileged") return;
    if (next.minor === before.minor && compareLevels(next.level, before.level) < 1) return;
    if (this.#exempts(name)) return this.#warnOfExemption(attributes, parsed.policy, labels);
    const { runtimeClasses } = this.#configuration.exemptions;
    const existing = (await this.#objects.list(pods, name)) as readonly (Pod & CheckedPod)[];
    for (const warning of await existingPodWarnings(name, next, existing, runtimeClasses))
      attributes.warn(warning);
  }

  #parse(labels: Readonly<Record<string, string>>): ParsedPolicy {
    return policyOf(labels, this.#configuration.defaults);
  }

  #exempts(namespace: string): boolean {
    return this.#configuration.exemptions.namespaces.includes(namespace);
  }

  #warnOfExemption(
    { name, warn }: AdmissionAttributes,
    policy: Policy,
    labels: Readonly<Record<string, string>>,
  ): void {
    const { defaults } = this.#configuration;
    if (isFullyPrivileged(policy) || isEquivalent(policy, defaults)) return;
    const modes = (["enforce", "audit", "warn"] as const).filter(
      (mode) =>
        policy[mode].level !== "privileged" &&
        (labels[prefix + mode] ?? labels[`${prefix}${mode}-version`]) !== undefined,
    );
    const said = modes.map((mode) => `${mode}=${levelText(policy[mode])}`).join(", ");
    warn(`namespace ${goQuote(name)} is exempt from Pod Security, and the policy (${said}) will be ignored`);
  }
}

function isEquivalent(a: Policy, b: Policy): boolean {
  const modes: readonly Mode[] = ["enforce", "audit", "warn"];
  return modes.every(
    (mode) =>
      sameLevel(a[mode], b[mode]) || (a[mode].level === "privileged" && b[mode].level === "privileged"),
  );
}

function requireValid(name: string, { errors }: ParsedPolicy): void {
  if (errors.length > 0) throw invalid({ group: "", kind: "Namespace" }, name, errors);
}

const sameErrors = ({ errors }: ParsedPolicy, old: ParsedPolicy): boolean =>
  jsonEqual(errors as unknown as JsonValue, old.errors as unknown as JsonValue);

/** Whether an update of a pod changes what may be checked: containers come, go or get another image. */
function isSignificant(spec: PodSpec, old: PodSpec): boolean {
  const differ = (a: readonly Container[] = [], b: readonly Container[] = []): boolean =>
    a.length !== b.length || a.some(({ image = "" }, i) => image !== (b[i]!.image ?? ""));
  if (differ(spec.containers, old.containers) || differ(spec.initContainers, old.initContainers)) return true;
  return (spec.ephemeralContainers ?? []).some(({ name, image = "" }) => {
    const before = old.ephemeralContainers?.find((one) => one.name === name);
    return !before || image !== (before.image ?? "");
  });
}
