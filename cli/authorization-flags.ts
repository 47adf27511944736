/** The flags that say who may do what. Source: pkg/kubeapiserver/options/authorization.go. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { authorizationConfigAlone } from "./authorization.ts";
import { type ClusterOptions, UsageError } from "./cluster-options.ts";
import { milliseconds, present, readFlagFile } from "./flag-values.ts";
import { readWebhookTarget } from "./webhook-target.ts";

export interface AuthorizationFlags {
  authorizationConfig?: string;
  authorizationMode?: string;
  authorizationPolicyFile?: string;
  authorizationWebhookConfigFile?: string;
  authorizationWebhookVersion?: "v1" | "v1beta1";
  authorizationWebhookCacheAuthorizedTtl?: number;
  authorizationWebhookCacheUnauthorizedTtl?: number;
}

export const addAuthorizationFlags = (command: Command): Command =>
  command
    .option(
      "--authorization-config <file>",
      "AuthorizationConfiguration, in place of the other flags of authorization; read again when it changes",
    )
    .option(
      "--authorization-mode <modes>",
      "who may do what, asked in this order: Node, RBAC, ABAC, Webhook, AlwaysAllow, AlwaysDeny (default: Node,RBAC)",
    )
    .option("--authorization-policy-file <file>", "policies of mode ABAC, one in JSON a line")
    .option(
      "--authorization-webhook-config-file <file>",
      "kubeconfig that leads to the webhook of mode Webhook",
    )
    .addOption(
      new Option(
        "--authorization-webhook-version <version>",
        "of the SubjectAccessReviews that it gets (default: v1beta1)",
      ).choices(["v1", "v1beta1"]),
    )
    .option(
      "--authorization-webhook-cache-authorized-ttl <duration>",
      "how long it is believed that somebody may; 0: it is asked every time (default: 5m0s)",
      milliseconds,
    )
    .option(
      "--authorization-webhook-cache-unauthorized-ttl <duration>",
      "how long it is believed that somebody may not (default: 30s)",
      milliseconds,
    );

export async function authorizationOptions(flags: AuthorizationFlags): Promise<Partial<ClusterOptions>> {
  const { authorizationConfig, authorizationMode, authorizationPolicyFile } = flags;
  const webhookFlags = present({
    version: flags.authorizationWebhookVersion,
    authorizedTtl: flags.authorizationWebhookCacheAuthorizedTtl,
    unauthorizedTtl: flags.authorizationWebhookCacheUnauthorizedTtl,
  });
  const { authorizationWebhookConfigFile: file } = flags;
  if (authorizationConfig !== undefined && file === undefined && Object.keys(webhookFlags).length > 0)
    throw new UsageError(authorizationConfigAlone);
  return present<Partial<ClusterOptions>>({
    authorizationConfig: authorizationConfig === undefined ? undefined : resolve(authorizationConfig),
    authorizationMode: authorizationMode?.split(","),
    authorizationPolicyFile: await readFlagFile("--authorization-policy-file", authorizationPolicyFile),
    authorizationWebhook:
      file === undefined
        ? undefined
        : { target: await readWebhookTarget("--authorization-webhook-config-file", file), ...webhookFlags },
  });
}
