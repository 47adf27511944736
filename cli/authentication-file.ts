/** --authentication-config and the flags --oidc-…. Source: BuiltInAuthenticationOptions.ToAuthenticationConfig. */
import type {
  AnonymousConfiguration,
  AuthenticationConfiguration,
  JwtAuthenticatorConfiguration,
} from "../api/configuration/authentication-configuration.ts";
import { goQuote } from "../api/go-format.ts";
import { jsonEqual } from "../api/json-equal.ts";

import { aggregateMessage, type FieldError, forbidden } from "../api/validation/field.ts";
import { signatureAlgorithms } from "../server/auth/jwt.ts";
import { type ClusterOptions, type OidcOptions, UsageError } from "./cluster-options.ts";
import { ConfigurationFile } from "./configuration-file.ts";

/** Who may log in by JSON Web Tokens of others, and where nobody has to. */
export interface LoginSettings {
  jwt: readonly JwtAuthenticatorConfiguration[];
  algorithms: readonly string[];
  /** As the file says it. */
  anonymous: AnonymousConfiguration | undefined;
  /** Whether a request without credentials for a path is answered. */
  isAnonymous(path: string): boolean;
  /** The file that says so, if one does. */
  file: ConfigurationFile | undefined;
}

/**
 * anonymousAuth: what counts where the file does not say it.
 * ownIssuers: those of service accounts' tokens.
 * Rejects with a UsageError.
 */
export async function loginSettings(
  options: ClusterOptions,
  { anonymousAuth, ownIssuers }: { anonymousAuth: boolean; ownIssuers: readonly string[] },
): Promise<LoginSettings> {
  const { oidc, authenticationConfig: path } = options;
  if (path !== undefined && oidc)
    throw new UsageError("authentication-config file and oidc-* flags are mutually exclusive");
  const { file, configuration } =
    path === undefined
      ? { file: undefined, configuration: oidc ? configurationOf(oidc) : {} }
      : await opened(path);
  const { jwt = [], anonymous } = configuration;
  if (anonymous && options.anonymousAuth !== undefined) throw new UsageError(anonymousTwice);
  if (file || oidc) await asUsage("invalid authentication configuration", () => validate(configuration, []));
  const overlap = jwt.find(({ issuer }) => ownIssuers.includes(issuer?.url ?? ""))?.issuer?.url;
  if (overlap !== undefined) throw new UsageError(overlapText(overlap, ownIssuers));
  return {
    ...{ jwt, anonymous, file },
    algorithms: oidc ? signingAlgorithms(oidc) : signatureAlgorithms,
    isAnonymous: anonymous ? anonymousPaths(anonymous) : () => anonymousAuth,
  };
}

function opened(
  path: string,
): Promise<{ file: ConfigurationFile; configuration: AuthenticationConfiguration }> {
  return asUsage(`failed to load authentication configuration from file ${goQuote(path)}`, async () => {
    const file = await ConfigurationFile.open(path);
    return { file, configuration: await readConfiguration(file.text) };
  });
}

const anonymousTwice =
  "anonymous: Forbidden: --anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file";

/** The issuers of a file that has changed. Rejects with an Error in upstream's words. */
export async function changedIssuers(
  text: Uint8Array,
  before: Pick<LoginSettings, "anonymous">,
  ownIssuers: readonly string[],
): Promise<readonly JwtAuthenticatorConfiguration[]> {
  const configuration = await readConfiguration(text);
  const isSame = jsonEqual((configuration.anonymous ?? null) as never, (before.anonymous ?? null) as never);
  const changed = isSame ? [] : [forbidden("anonymous", "changed from initial configuration file")];
  await validate(configuration, ownIssuers, changed);
  return configuration.jwt ?? [];
}

const configurations = () => import("../api/configuration/authentication-configuration.ts");

async function readConfiguration(text: Uint8Array): Promise<AuthenticationConfiguration> {
  return (await configurations()).readAuthenticationConfiguration(text);
}

async function validate(
  configuration: AuthenticationConfiguration,
  ownIssuers: readonly string[],
  more: readonly FieldError[] = [],
): Promise<void> {
  const { validateAuthenticationConfiguration, expressionsIn } = await configurations();
  const errors = [...validateAuthenticationConfiguration(configuration, ownIssuers), ...more];
  if (errors.length > 0) throw new Error(aggregateMessage(errors));
  const [unevaluated] = expressionsIn(configuration);
  if (unevaluated !== undefined) throw new Error(`${unevaluated}: expressions cannot be evaluated yet`);
  const egress = configuration.jwt?.find(({ issuer }) => issuer?.egressSelectorType)?.issuer
    ?.egressSelectorType;
  if (egress) throw new Error(`oidc: egress lookup required with egress selector type ${goQuote(egress)}`);
}

async function asUsage<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new UsageError(`${what}: ${(error as Error).message}`);
  }
}

function overlapText(url: string, ownIssuers: readonly string[]): string {
  const list = [...ownIssuers].sort().join(" ");
  return `issuer.url: Invalid value: ${goQuote(url)}: URL must not overlap with disallowed issuers: [${list}]`;
}

/** What the flags say, as a file would. */
function configurationOf(oidc: OidcOptions): AuthenticationConfiguration {
  const { issuerUrl: url, clientId, ca, usernameClaim = "sub", usernamePrefix = "" } = oidc;
  if (!url || !clientId)
    throw new UsageError(
      "oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set",
    );
  const fallback = usernameClaim === "email" ? "" : `${url}#`;
  const prefix = usernamePrefix === "-" ? "" : usernamePrefix || fallback;
  const { groupsClaim, groupsPrefix = "", requiredClaims = {} } = oidc;
  const authenticator: JwtAuthenticatorConfiguration = {
    issuer: { url, audiences: [clientId], ...(ca ? { certificateAuthority: ca } : {}) },
    claimMappings: {
      username: { claim: usernameClaim, prefix },
      ...(groupsClaim ? { groups: { claim: groupsClaim, prefix: groupsPrefix } } : {}),
    },
    claimValidationRules: Object.entries(requiredClaims).map(([claim, requiredValue]) => ({
      claim,
      requiredValue,
    })),
  };
  return { jwt: [authenticator] };
}

function signingAlgorithms({ signingAlgs = [] }: OidcOptions): readonly string[] {
  const unknown = signingAlgs.find((name) => !signatureAlgorithms.includes(name));
  if (unknown !== undefined) throw new UsageError(`oidc: unsupported signing alg: ${goQuote(unknown)}`);
  return signingAlgs.length > 0 ? signingAlgs : ["RS256"];
}

/** Source: authentication/request/anonymous. */
function anonymousPaths({
  enabled = false,
  conditions = [],
}: AnonymousConfiguration): (path: string) => boolean {
  if (!enabled || conditions.length === 0) return () => enabled;
  const paths = new Set(conditions.map(({ path = "" }) => path));
  return (path) => paths.has(path);
}
