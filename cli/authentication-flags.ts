/** The flags that say who may log in and how. Source: pkg/kubeapiserver/options/authentication.go. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type {
  AuthenticationTokenWebhook,
  ClusterOptions,
  OidcOptions,
  RequestHeader,
} from "./cluster-options.ts";
import { booleanFlag, listed, milliseconds, pairs, present, readFlagFile, repeated } from "./flag-values.ts";
import { readWebhookTarget } from "./webhook-target.ts";

export interface AuthenticationFlags {
  anonymousAuth?: boolean;
  apiAudiences?: string[];
  authenticationConfig?: string;
  authenticationTokenWebhookCacheTtl?: number;
  authenticationTokenWebhookConfigFile?: string;
  authenticationTokenWebhookVersion?: "v1" | "v1beta1";
  clientCaFile?: string;
  enableBootstrapTokenAuth?: boolean;
  oidcCaFile?: string;
  oidcClientId?: string;
  oidcGroupsClaim?: string;
  oidcGroupsPrefix?: string;
  oidcIssuerUrl?: string;
  oidcRequiredClaim?: Record<string, string>;
  oidcSigningAlgs?: string[];
  oidcUsernameClaim?: string;
  oidcUsernamePrefix?: string;
  requestheaderAllowedNames?: string[];
  requestheaderClientCaFile?: string;
  requestheaderExtraHeadersPrefix?: string[];
  requestheaderGroupHeaders?: string[];
  requestheaderUidHeaders?: string[];
  requestheaderUsernameHeaders?: string[];
  serviceAccountExtendTokenExpiration?: boolean;
  serviceAccountIssuer?: string[];
  serviceAccountJwksUri?: string;
  serviceAccountKeyFile?: string[];
  serviceAccountLookup?: boolean;
  serviceAccountMaxTokenExpiration?: number;
  serviceAccountSigningKeyFile?: string;
  tokenAuthFile?: string;
}

export function addAuthenticationFlags(command: Command): Command {
  return [addLoginFlags, addOidcFlags, addRequestHeaderFlags, addServiceAccountFlags].reduce(
    (extended, add) => add(extended),
    command,
  );
}

const addLoginFlags = (command: Command): Command =>
  command
    .addOption(
      booleanFlag(
        "anonymous-auth",
        "answer requests without credentials as system:anonymous; never with AlwaysAllow (default: true)",
      ),
    )
    .option("--api-audiences <names>", "whom tokens must be meant for; default: their issuers", listed)
    .option(
      "--authentication-config <file>",
      "AuthenticationConfiguration: issuers of JSON Web Tokens, and who is anonymous; read again when it changes",
    )
    .option(
      "--authentication-token-webhook-config-file <file>",
      "kubeconfig that leads to who is asked for the users of unknown tokens",
    )
    .addOption(
      new Option("--authentication-token-webhook-version <version>", "of the TokenReviews that it gets")
        .choices(["v1", "v1beta1"])
        .default("v1beta1"),
    )
    .addOption(
      new Option("--authentication-token-webhook-cache-ttl <duration>", "how long its answers are believed")
        .argParser(milliseconds)
        .default(120_000, "2m0s"),
    )
    .option("--client-ca-file <file>", "PEM of further authorities whose client certificates are believed")
    .addOption(
      booleanFlag(
        "enable-bootstrap-token-auth",
        "take secrets of type bootstrap.kubernetes.io/token in kube-system for tokens to log in with",
      ),
    )
    .option("--token-auth-file <file>", 'CSV of token,user,uid,"group1,group2" to log in with');

const addOidcFlags = (command: Command): Command =>
  command
    .option("--oidc-issuer-url <url>", "https URL of who issues JSON Web Tokens to log in with")
    .option("--oidc-client-id <id>", "audience that they must be meant for")
    .option(
      "--oidc-ca-file <file>",
      "PEM of authorities that its certificate is verified with; default: the system's",
    )
    .option("--oidc-username-claim <claim>", "claim that is the user's name; default: sub")
    .option("--oidc-username-prefix <text>", "what stands before it; default: the issuer and #, -: nothing")
    .option("--oidc-groups-claim <claim>", "claim that is the user's groups")
    .option("--oidc-groups-prefix <text>", "what stands before each of them")
    .option("--oidc-signing-algs <names>", "algorithms of their signatures; default: RS256", listed)
    .option("--oidc-required-claim <claim=value>", "claim that they must have; may be repeated", pairs);

const addRequestHeaderFlags = (command: Command): Command =>
  command
    .option(
      "--requestheader-client-ca-file <file>",
      "PEM of the authorities of proxies that log users in and name them in headers",
    )
    .option("--requestheader-allowed-names <names>", "common names of these proxies; default: any", listed)
    .option("--requestheader-username-headers <names>", "headers that name the user", listed)
    .option("--requestheader-uid-headers <names>", "headers that name the user's uid", listed)
    .option("--requestheader-group-headers <names>", "headers that name the user's groups", listed)
    .option(
      "--requestheader-extra-headers-prefix <prefixes>",
      "how headers begin that say more of the user",
      listed,
    );

const addServiceAccountFlags = (command: Command): Command =>
  command
    .option(
      "--service-account-issuer <url>",
      "issuer of the tokens of service accounts; of several the first issues, and all are believed",
      repeated,
    )
    .option(
      "--service-account-key-file <file>",
      "PEM of keys whose tokens of service accounts are believed, besides the one that signs; may be repeated",
      repeated,
    )
    .option(
      "--service-account-signing-key-file <file>",
      "PEM of the private key that signs tokens of service accounts; default: the cluster's own",
    )
    .option("--service-account-jwks-uri <url>", "where others find these keys; default: at this server")
    .addOption(
      booleanFlag(
        "service-account-lookup",
        "look whether the secrets of legacy tokens are still there (default: true)",
      ),
    )
    .option(
      "--service-account-max-token-expiration <duration>",
      "how long a token of a service account is good at most; default: no limit",
      milliseconds,
    )
    .addOption(
      booleanFlag(
        "service-account-extend-token-expiration",
        "let tokens that kubelets mount outlive their time by up to a year (default: true)",
      ),
    );

export async function authenticationOptions(flags: AuthenticationFlags): Promise<Partial<ClusterOptions>> {
  const { serviceAccountKeyFile, serviceAccountMaxTokenExpiration: longest, authenticationConfig } = flags;
  const keys = serviceAccountKeyFile?.map((file) => readFlagFile("--service-account-key-file", file));
  return present<Partial<ClusterOptions>>({
    anonymousAuth: flags.anonymousAuth,
    apiAudiences: flags.apiAudiences,
    authenticationConfig: authenticationConfig === undefined ? undefined : resolve(authenticationConfig),
    authenticationTokenWebhook: await tokenWebhook(flags),
    clientCa: await readFlagFile("--client-ca-file", flags.clientCaFile),
    enableBootstrapTokenAuth: flags.enableBootstrapTokenAuth,
    oidc: await oidcOptions(flags),
    requestHeader: await requestHeader(flags),
    serviceAccountExtendTokenExpiration: flags.serviceAccountExtendTokenExpiration,
    serviceAccountIssuer: flags.serviceAccountIssuer,
    serviceAccountJwksUri: flags.serviceAccountJwksUri,
    serviceAccountKeys: keys && ((await Promise.all(keys)) as string[]),
    serviceAccountLookup: flags.serviceAccountLookup,
    serviceAccountMaxTokenExpiration: longest === undefined ? undefined : longest / 1000,
    serviceAccountSigningKey: await readFlagFile(
      "--service-account-signing-key-file",
      flags.serviceAccountSigningKeyFile,
    ),
    tokenAuthFile: await readFlagFile("--token-auth-file", flags.tokenAuthFile),
  });
}

async function tokenWebhook(flags: AuthenticationFlags): Promise<AuthenticationTokenWebhook | undefined> {
  const file = flags.authenticationTokenWebhookConfigFile;
  if (file === undefined) return undefined;
  return {
    target: await readWebhookTarget("--authentication-token-webhook-config-file", file),
    ...present({
      version: flags.authenticationTokenWebhookVersion,
      cacheTtl: flags.authenticationTokenWebhookCacheTtl,
    }),
  };
}

/** undefined where no flag asks for it. */
async function oidcOptions(flags: AuthenticationFlags): Promise<OidcOptions | undefined> {
  const options = present<OidcOptions>({
    issuerUrl: flags.oidcIssuerUrl,
    clientId: flags.oidcClientId,
    ca: await readFlagFile("--oidc-ca-file", flags.oidcCaFile),
    usernameClaim: flags.oidcUsernameClaim,
    usernamePrefix: flags.oidcUsernamePrefix,
    groupsClaim: flags.oidcGroupsClaim,
    groupsPrefix: flags.oidcGroupsPrefix,
    signingAlgs: flags.oidcSigningAlgs,
    requiredClaims: flags.oidcRequiredClaim,
  });
  return Object.keys(options).length === 0 ? undefined : options;
}

async function requestHeader(flags: AuthenticationFlags): Promise<RequestHeader | undefined> {
  const clientCa = await readFlagFile("--requestheader-client-ca-file", flags.requestheaderClientCaFile);
  if (clientCa === undefined) return undefined;
  return {
    clientCa,
    allowedNames: flags.requestheaderAllowedNames ?? [],
    usernameHeaders: flags.requestheaderUsernameHeaders ?? [],
    uidHeaders: flags.requestheaderUidHeaders ?? [],
    groupHeaders: flags.requestheaderGroupHeaders ?? [],
    extraHeaderPrefixes: flags.requestheaderExtraHeadersPrefix ?? [],
  };
}
