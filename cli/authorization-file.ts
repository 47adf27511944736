/** --authorization-config. Sources: pkg/kubeapiserver/authorizer, config.go and reload.go. */
import { statSync } from "node:fs";
import { aggregateText } from "../api/aggregate.ts";
import type { AuthorizerWebhook } from "../api/configuration/authorization-configuration.ts";
import { parseDuration } from "../api/time.ts";
import { aggregateMessage } from "../api/validation/field.ts";
import {
  type AuthorizerChoice,
  authorizationConfigAlone,
  authorizersOfModes,
  defaultAuthorizationModes,
  missingPolicyFile,
  type WebhookChoice,
} from "./authorization.ts";
import { type ClusterOptions, readOption, UsageError } from "./cluster-options.ts";
import { type ConfigurationFile, openProblem } from "./configuration-file.ts";
import { readWebhookTarget } from "./webhook-target.ts";

/** Rejects with a UsageError. Source: BuiltInAuthorizationOptions.ToAuthorizationConfig. */
export async function wantedAuthorizers(
  { authorizationMode, authorizationWebhook: webhook, authorizationPolicyFile: policyFile }: ClusterOptions,
  file: ConfigurationFile | undefined,
): Promise<AuthorizerChoice[]> {
  const needs = { ...(webhook ? { webhook } : {}), ...(policyFile === undefined ? {} : { policyFile }) };
  if (!file) return authorizersOfModes(authorizationMode ?? defaultAuthorizationModes, needs);
  if (authorizationMode ?? webhook) throw new UsageError(authorizationConfigAlone);
  const choices = await readOption(() => authorizersOfFile(file.text, []));
  const lacksPolicies = policyFile === undefined && choices.some(({ type }) => type === "ABAC");
  if (lacksPolicies) throw new UsageError(missingPolicyFile);
  return choices;
}

/**
 * Who is asked, by the text of an AuthorizationConfiguration.
 * requiredTypes: those that must be there besides webhooks, because they were at the start.
 * Rejects with an Error in upstream's words.
 */
export async function authorizersOfFile(
  text: Uint8Array,
  requiredTypes: readonly string[],
): Promise<AuthorizerChoice[]> {
  const configurations = await import("../api/configuration/authorization-configuration.ts");
  const configuration = explained("failed to load AuthorizationConfiguration from file", () =>
    configurations.readAuthorizationConfiguration(text),
  );
  const errors = configurations.validateAuthorizationConfiguration(configuration, fileProblem);
  if (errors.length > 0) throw new Error(aggregateMessage(errors));
  const problems = configurations.authorizersProblems(configuration, requiredTypes);
  if (problems.length > 0) throw new Error(aggregateText(problems));
  const [unevaluated] = configurations.matchConditionsIn(configuration);
  if (unevaluated !== undefined) throw new Error(`${unevaluated}: expressions cannot be evaluated yet`);
  const choices = (configuration.authorizers ?? []).map(async ({ type = "", webhook }) => ({
    type,
    ...(webhook ? { webhook: await webhookChoice(webhook) } : {}),
  }));
  return Promise.all(choices);
}

function explained<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`);
  }
}

function fileProblem(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? undefined : "must be a regular file";
  } catch (error) {
    return `error loading file: ${openProblem("stat", path, error)}`;
  }
}

/** What is validated has all fields. */
async function webhookChoice(webhook: AuthorizerWebhook): Promise<WebhookChoice> {
  const { connectionInfo, cacheAuthorizedRequests, cacheUnauthorizedRequests } = webhook;
  const file = connectionInfo?.kubeConfigFile;
  if (file === undefined)
    throw new Error("connectionInfo.type InClusterConfig needs a server that runs in a pod");
  return {
    target: {
      ...(await readWebhookTarget("--authorization-config", file)),
      timeout: milliseconds(webhook.timeout),
    },
    version: webhook.subjectAccessReviewVersion as "v1" | "v1beta1",
    authorizedTtl: cacheAuthorizedRequests ? milliseconds(webhook.authorizedTTL) : 0,
    unauthorizedTtl: cacheUnauthorizedRequests ? milliseconds(webhook.unauthorizedTTL) : 0,
    denyOnError: webhook.failurePolicy === "Deny",
  };
}

const milliseconds = (text = "0s"): number => Number(parseDuration(text) / 1_000_000n);
