/** AuthorizationConfiguration: who decides what somebody may do, in which order. */
import { isAbsolute } from "node:path";
import { formatDuration, parseDuration } from "../time.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  invalid,
  notSupportedText,
  required,
  tooMany,
} from "../validation/field.ts";
import { checkDns1123Subdomain } from "../validation/names.ts";
import { decodeConfiguration } from "./decode-configuration.ts";
import { authorizationConfigurationKind, configurationKinds } from "./kinds.ts";

export interface AuthorizationConfiguration {
  authorizers?: readonly AuthorizerConfiguration[];
}

export interface AuthorizerConfiguration {
  type?: string;
  name?: string;
  webhook?: AuthorizerWebhook;
}

/** Times are durations as Go writes them. */
export interface AuthorizerWebhook {
  authorizedTTL?: string;
  cacheAuthorizedRequests?: boolean;
  unauthorizedTTL?: string;
  cacheUnauthorizedRequests?: boolean;
  timeout?: string;
  subjectAccessReviewVersion?: string;
  matchConditionSubjectAccessReviewVersion?: string;
  failurePolicy?: string;
  connectionInfo?: { type?: string; kubeConfigFile?: string };
  matchConditions?: readonly { expression?: string }[];
}

/** Why a file cannot be used as a kubeconfig; undefined: it is a file. */
export type FileProblem = (path: string) => string | undefined;

/** Those that a file may name. Source: modes.AuthorizationModeChoices, sorted. */
const types: readonly string[] = ["ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"];

/** @throws Error in upstream's words, defaults filled in. Source: load.LoadFromData. */
export function readAuthorizationConfiguration(text: Uint8Array): AuthorizationConfiguration {
  if (text.length === 0) return {};
  const { authorizers = [] }: AuthorizationConfiguration = decodeConfiguration(
    text,
    authorizationConfigurationKind,
    configurationKinds,
  );
  return {
    authorizers: authorizers.map(({ webhook, ...rest }) => ({
      ...rest,
      ...(webhook ? { webhook: withDefaults(webhook) } : {}),
    })),
  };
}

/** Source: SetDefaults_WebhookConfiguration. */
function withDefaults(webhook: AuthorizerWebhook): AuthorizerWebhook {
  const orElse = (text: string | undefined, fallback: string) =>
    nanoseconds(text) === 0n ? fallback : text!;
  return {
    cacheAuthorizedRequests: true,
    cacheUnauthorizedRequests: true,
    ...webhook,
    authorizedTTL: orElse(webhook.authorizedTTL, "5m"),
    unauthorizedTTL: orElse(webhook.unauthorizedTTL, "30s"),
  };
}

const nanoseconds = (text: string | undefined): bigint => (text === undefined ? 0n : parseDuration(text));

/** Source: ValidateAuthorizationConfiguration. */
export function validateAuthorizationConfiguration(
  { authorizers = [] }: AuthorizationConfiguration,
  fileProblem: FileProblem,
): FieldError[] {
  const root = FieldPath.of("authorizers");
  if (authorizers.length === 0) return [required(root, "at least one authorization mode must be defined")];
  const seenTypes = new Set<string>();
  const seenNames = new Set<string>();
  return authorizers.flatMap((authorizer, i) => {
    const path = root.index(i);
    const problem = typeProblem(authorizer.type ?? "", path.child("type"), seenTypes);
    if (problem) return [problem];
    seenTypes.add(authorizer.type!);
    const errors = nameErrors(authorizer.name ?? "", path.child("name"), seenNames);
    seenNames.add(authorizer.name ?? "");
    return [...errors, ...webhookErrors(authorizer, path, fileProblem)];
  });
}

function typeProblem(type: string, path: FieldPath, seen: ReadonlySet<string>): FieldError | undefined {
  if (type === "") return required(path);
  if (!types.includes(type)) return notSupportedText(path, type, types);
  return seen.has(type) && type !== "Webhook" ? duplicate(path, type) : undefined;
}

function nameErrors(name: string, path: FieldPath, seen: ReadonlySet<string>): FieldError[] {
  if (name === "") return [required(path)];
  if (seen.has(name)) return [duplicate(path, name)];
  const problems = checkDns1123Subdomain(name);
  return problems.length === 0
    ? []
    : [invalid(path, name, `authorizer name is invalid: ${problems.join(", ")}`)];
}

function webhookErrors(
  { type, webhook }: AuthorizerConfiguration,
  path: FieldPath,
  fileProblem: FileProblem,
): FieldError[] {
  const own = path.child("webhook");
  if (type === "Webhook")
    return webhook
      ? validateWebhook(webhook, path, fileProblem)
      : [required(own, "required when type=Webhook")];
  return webhook ? [invalid(own, "non-null", "may only be specified when type=Webhook")] : [];
}

const longestTimeout = 30_000_000_000n;

/** Errors name the authorizer's fields, not the webhook's, as upstream's do. Source: ValidateWebhookConfiguration. */
function validateWebhook(
  webhook: AuthorizerWebhook,
  path: FieldPath,
  fileProblem: FileProblem,
): FieldError[] {
  const { matchConditions = [], connectionInfo = {} } = webhook;
  const conditionVersion = webhook.matchConditionSubjectAccessReviewVersion ?? "";
  const conditionVersionPath = path.child("matchConditionSubjectAccessReviewVersion");
  const isUnversioned = conditionVersion === "" && matchConditions.length > 0;
  return [
    ...durationErrors(webhook.timeout, path.child("timeout"), longestTimeout, "must be > 0s and <= 30s"),
    ...durationErrors(webhook.authorizedTTL, path.child("authorizedTTL"), undefined, "must be > 0s"),
    ...durationErrors(webhook.unauthorizedTTL, path.child("unauthorizedTTL"), undefined, "must be > 0s"),
    ...choiceErrors(webhook.subjectAccessReviewVersion, path.child("subjectAccessReviewVersion"), [
      "v1",
      "v1beta1",
    ]),
    ...(isUnversioned ? [required(conditionVersionPath, "required if match conditions are specified")] : []),
    ...(conditionVersion === "" ? [] : choiceErrors(conditionVersion, conditionVersionPath, ["v1"])),
    ...choiceErrors(webhook.failurePolicy, path.child("failurePolicy"), ["NoOpinion", "Deny"]),
    ...connectionErrors(connectionInfo, path.child("connectionInfo"), fileProblem),
    ...conditionErrors(matchConditions, path.child("matchConditions")),
  ];
}

function durationErrors(
  text: string | undefined,
  path: FieldPath,
  longest: bigint | undefined,
  detail: string,
): FieldError[] {
  const value = nanoseconds(text);
  if (value === 0n) return [required(path)];
  const isFine = value > 0n && (longest === undefined || value <= longest);
  return isFine ? [] : [invalid(path, formatDuration(value), detail)];
}

function choiceErrors(value = "", path: FieldPath, choices: readonly string[]): FieldError[] {
  if (value === "") return [required(path)];
  return choices.includes(value) ? [] : [notSupportedText(path, value, choices)];
}

function connectionErrors(
  { type = "", kubeConfigFile }: NonNullable<AuthorizerWebhook["connectionInfo"]>,
  path: FieldPath,
  fileProblem: FileProblem,
): FieldError[] {
  const file = path.child("kubeConfigFile");
  switch (type) {
    case "":
      return [required(path.child("type"))];
    case "InClusterConfig":
      if (kubeConfigFile === undefined) return [];
      return [invalid(file, kubeConfigFile, "can only be set when type=KubeConfigFile")];
    case "KubeConfigFile": {
      if (!kubeConfigFile) return [required(file)];
      const problem = isAbsolute(kubeConfigFile) ? fileProblem(kubeConfigFile) : "must be an absolute path";
      return problem === undefined ? [] : [invalid(file, kubeConfigFile, problem)];
    }
    default: {
      const shown = { Type: type, KubeConfigFile: kubeConfigFile ?? null };
      return [notSupportedText(path.child("type"), shown, ["InClusterConfig", "KubeConfigFile"])];
    }
  }
}

const mostConditions = 64;

function conditionErrors(
  conditions: NonNullable<AuthorizerWebhook["matchConditions"]>,
  path: FieldPath,
): FieldError[] {
  if (conditions.length > mostConditions) return [tooMany(path, conditions.length, mostConditions)];
  const seen = new Set<string>();
  return conditions.flatMap(({ expression = "" }, i) => {
    const own = path.index(i).child("expression");
    if (expression.trim() === "") return [required(own)];
    if (seen.has(expression)) return [duplicate(own, expression)];
    seen.add(expression);
    return [];
  });
}

/** What the API server asks of a file besides. Source: authorizer.LoadAndValidateData. */
export function authorizersProblems(
  { authorizers = [] }: AuthorizationConfiguration,
  requiredTypes: readonly string[],
): string[] {
  const builtIn = authorizers.filter(({ type }) => type !== "Webhook");
  const misnamed = builtIn.filter(({ type = "", name }) => name !== type.toLowerCase());
  const missing = requiredTypes.filter((type) => !builtIn.some((one) => one.type === type)).sort();
  return [
    ...misnamed.map(
      ({ type = "", name = "" }) =>
        `expected name ${type.toLowerCase()} for authorizer ${type} instead of ${name}`,
    ),
    ...(missing.length === 0 ? [] : [`missing required types: [${missing.join(" ")}]`]),
  ];
}

/** Where expressions stand, which nothing evaluates. */
export function matchConditionsIn({ authorizers = [] }: AuthorizationConfiguration): string[] {
  return authorizers.flatMap(({ webhook }, i) =>
    webhook?.matchConditions?.length ? [`${FieldPath.of("authorizers").index(i)}.matchConditions`] : [],
  );
}
