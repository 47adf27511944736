/** Source: pkg/apis/admissionregistration/validation/validation.go (webhook configurations). */
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import type { Schemas } from "../../types.ts";
import type { NewCelCompiler } from "../cel.ts";
import { duplicate, type FieldError, FieldPath, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabelSelector } from "../labels.ts";
import { checkDns1035Label, checkDns1123Subdomain, nameIsDnsSubdomain } from "../names.ts";
import { validateAnyObjectMeta } from "../object-meta.ts";
import { validateWebhookService, validateWebhookUrl } from "../webhook-client.ts";
import { validateMatchConditions } from "./match-conditions.ts";
import { failurePolicies, matchPolicies, reinvocationPolicies, validateRule } from "./rules.ts";

type Configuration = ObjectOf<"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration">;
type Webhook = Schemas["io.k8s.api.admissionregistration.v1.MutatingWebhook"];
type ClientConfig = Schemas["io.k8s.api.admissionregistration.v1.WebhookClientConfig"];

const webhooksPath = FieldPath.of("webhooks");
const reviewVersions = ["v1", "v1beta1"];
const sideEffects = ["None", "NoneOnDryRun"];
const oldSideEffects = ["None", "NoneOnDryRun", "Some", "Unknown"];

/** What an old object that is wrong already excuses. */
interface Options {
  newCompiler: NewCelCompiler | undefined;
  ignoreMatchConditions: boolean;
  allowSideEffects: boolean;
  allowUnknownReviewVersions: boolean;
  allowDuplicateNames: boolean;
  allowInvalidLabelValue: boolean;
  storedConditions: ReadonlySet<string>;
}

/** ValidateMutatingWebhookConfiguration and ValidateValidatingWebhookConfiguration. */
export function validateWebhookConfiguration(
  configuration: Configuration,
  newCompiler?: NewCelCompiler,
): FieldError[] {
  return validateConfiguration(configuration, {
    newCompiler,
    ignoreMatchConditions: false,
    allowSideEffects: false,
    allowUnknownReviewVersions: false,
    allowDuplicateNames: false,
    allowInvalidLabelValue: false,
    storedConditions: new Set(),
  });
}

/** ValidateMutatingWebhookConfigurationUpdate and ValidateValidatingWebhookConfigurationUpdate. */
export function validateWebhookConfigurationUpdate(
  configuration: Configuration,
  old: Configuration,
  newCompiler?: NewCelCompiler,
): FieldError[] {
  const before = old.webhooks ?? [];
  const now = configuration.webhooks ?? [];
  return validateConfiguration(configuration, {
    newCompiler,
    ignoreMatchConditions:
      now.length === before.length &&
      now.every((webhook, index) => semanticEqual(webhook.matchConditions, before[index]?.matchConditions)),
    allowSideEffects: before.some((webhook) => !sideEffects.includes(webhook.sideEffects ?? "")),
    allowUnknownReviewVersions: before.some(
      ({ admissionReviewVersions: own }) =>
        own?.length && !own.some((version) => reviewVersions.includes(version)),
    ),
    allowDuplicateNames: new Set(before.map(({ name }) => name)).size < before.length,
    allowInvalidLabelValue: before.some(({ namespaceSelector, objectSelector }) =>
      [namespaceSelector, objectSelector].some(
        (selector) => validateLabelSelector(selector, {}, webhooksPath).length > 0,
      ),
    ),
    storedConditions: new Set(
      before.flatMap((webhook) => webhook.matchConditions ?? []).map(({ expression }) => expression),
    ),
  });
}

function validateConfiguration({ metadata, webhooks }: Configuration, options: Options): FieldError[] {
  const errors = validateAnyObjectMeta(metadata, false, nameIsDnsSubdomain);
  const seen = new Set<string>();
  webhooks?.forEach((webhook, index) => {
    const path = webhooksPath.index(index);
    errors.push(...validateWebhook(webhook, path, options));
    const { admissionReviewVersions, name } = webhook;
    const own = admissionReviewVersions ?? [];
    errors.push(...validateReviewVersions(own, path.child("admissionReviewVersions"), options));
    if (!name || options.allowDuplicateNames) return;
    if (seen.has(name)) errors.push(duplicate(path.child("name"), name));
    seen.add(name);
  });
  return errors;
}

/** IsFullyQualifiedName. */
function validateFullyQualifiedName(name: string, path: FieldPath): FieldError[] {
  if (name === "") return [required(path)];
  const problems = checkDns1123Subdomain(name);
  if (problems.length > 0) return [invalid(path, name, problems.join(","))];
  if (name.split(".").length >= 3) return [];
  return [invalid(path, name, "should be a domain with at least three segments separated by dots")];
}

function validateReviewVersions(own: readonly string[], path: FieldPath, options: Options): FieldError[] {
  const known = reviewVersions.join(", ");
  if (own.length === 0) return [required(path, `must specify one of ${known}`)];
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  own.forEach((version, index) => {
    const at = path.index(index);
    if (seen.has(version)) errors.push(invalid(at, version, "duplicate version"));
    else errors.push(...invalidText(at, version, checkDns1035Label(version)));
    seen.add(version);
  });
  if (!options.allowUnknownReviewVersions && !reviewVersions.some((version) => seen.has(version))) {
    errors.push(invalid(path, own, `must include at least one of ${known}`));
  }
  return errors;
}

function oneOf(value: string | undefined, path: FieldPath, known: readonly string[]): FieldError[] {
  return value === undefined || known.includes(value) ? [] : [notSupported(path, value, known)];
}

function validateWebhook(webhook: Webhook, path: FieldPath, options: Options): FieldError[] {
  const { allowInvalidLabelValue } = options;
  const errors = validateFullyQualifiedName(webhook.name ?? "", path.child("name"));
  webhook.rules?.forEach((rule, index) => {
    errors.push(...validateRule(rule, path.child("rules").index(index)));
  });
  errors.push(...oneOf(webhook.failurePolicy, path.child("failurePolicy"), failurePolicies));
  errors.push(...oneOf(webhook.matchPolicy, path.child("matchPolicy"), matchPolicies));
  const allowed = options.allowSideEffects ? oldSideEffects : sideEffects;
  const effectsPath = path.child("sideEffects");
  // A pointer that is always written: null where there is none.
  const effects: string | null | undefined = webhook.sideEffects;
  if (effects === undefined || effects === null) {
    errors.push(required(effectsPath, `must specify one of ${allowed.join(", ")}`));
  } else {
    errors.push(...oneOf(effects, effectsPath, allowed));
  }
  const { timeoutSeconds } = webhook;
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1)) {
    const detail = "the timeout value must be between 1 and 30 seconds";
    errors.push(invalid(path.child("timeoutSeconds"), timeoutSeconds, detail));
  }
  for (const key of ["namespaceSelector", "objectSelector"] as const) {
    errors.push(...validateLabelSelector(webhook[key], { allowInvalidLabelValue }, path.child(key)));
  }
  errors.push(...oneOf(webhook.reinvocationPolicy, path.child("reinvocationPolicy"), reinvocationPolicies));
  errors.push(...validateClientConfig(webhook.clientConfig, path.child("clientConfig")));
  if (options.ignoreMatchConditions) return errors;
  const conditionOptions = {
    compiler: options.newCompiler?.(),
    hasParams: false,
    isStored: (expression: string) => options.storedConditions.has(expression),
  };
  const conditionsPath = path.child("matchConditions");
  return [...errors, ...validateMatchConditions(webhook.matchConditions, conditionOptions, conditionsPath)];
}

function validateClientConfig({ url, service }: ClientConfig, path: FieldPath): FieldError[] {
  if ((url === undefined) === !service) return [required(path, "exactly one of url or service is required")];
  if (url !== undefined) return validateWebhookUrl(url, path.child("url"));
  // Upstream confuses the two here: a missing name is reported at the namespace, and the other way round.
  const { name, namespace, ...others } = service ?? {};
  return validateWebhookService(
    { ...others, name: namespace ?? "", namespace: name ?? "" },
    path.child("service"),
  );
}
