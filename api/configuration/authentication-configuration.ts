/** AuthenticationConfiguration: who issues JSON Web Tokens, and who is anonymous. */
import { GoUrlError, parseGoUrl } from "../go-url.ts";
import { validateDomainPrefixedPath } from "../validation/domain-prefixed-path.ts";
import { duplicate, type FieldError, FieldPath, invalid, required, tooMany } from "../validation/field.ts";
import { parseCertificate } from "../x509/certificate.ts";
import { decodePem } from "../x509/pem.ts";
import { decodeConfiguration } from "./decode-configuration.ts";
import { authenticationConfigurationKind, configurationKinds } from "./kinds.ts";

export interface AuthenticationConfiguration {
  jwt?: readonly JwtAuthenticatorConfiguration[];
  anonymous?: AnonymousConfiguration;
}

export interface AnonymousConfiguration {
  enabled?: boolean;
  /** None: all paths. */
  conditions?: readonly { path?: string }[];
}

export interface JwtAuthenticatorConfiguration {
  issuer?: IssuerConfiguration;
  claimValidationRules?: readonly {
    claim?: string;
    requiredValue?: string;
    expression?: string;
    message?: string;
  }[];
  claimMappings?: {
    username?: PrefixedClaim;
    groups?: PrefixedClaim;
    uid?: { claim?: string; expression?: string };
    extra?: readonly { key?: string; valueExpression?: string }[];
  };
  userValidationRules?: readonly { expression?: string; message?: string }[];
}

export interface IssuerConfiguration {
  url?: string;
  discoveryURL?: string;
  /** PEM. */
  certificateAuthority?: string;
  audiences?: readonly string[];
  audienceMatchPolicy?: string;
  egressSelectorType?: string;
}

export interface PrefixedClaim {
  claim?: string;
  prefix?: string;
  expression?: string;
}

/** @throws Error in upstream's words. Source: loadAuthenticationConfigFromData. */
export function readAuthenticationConfiguration(text: Uint8Array): AuthenticationConfiguration {
  if (text.length === 0) throw new Error("empty config data");
  return decodeConfiguration(text, authenticationConfigurationKind, configurationKinds);
}

const mostIssuers = 64;

/** Source: ValidateAuthenticationConfiguration. Expressions are not compiled here. */
export function validateAuthenticationConfiguration(
  { jwt = [], anonymous }: AuthenticationConfiguration,
  disallowedIssuers: readonly string[],
): FieldError[] {
  const root = FieldPath.of("jwt");
  if (jwt.length > mostIssuers) return [tooMany(root, jwt.length, mostIssuers)];
  const urls = jwt.map(({ issuer }) => issuer?.url ?? "");
  const discoveryUrls = jwt.map(({ issuer }) => issuer?.discoveryURL ?? "");
  const errors = jwt.flatMap((authenticator, i) => {
    const path = root.index(i);
    const repeats = (list: readonly string[], field: string): FieldError[] =>
      list.indexOf(list[i]!) < i ? [duplicate(path.child("issuer", field), list[i]!)] : [];
    return [
      ...validateJwtAuthenticator(authenticator, path, disallowedIssuers),
      ...repeats(urls, "url"),
      ...(discoveryUrls[i] === "" ? [] : repeats(discoveryUrls, "discoveryURL")),
    ];
  });
  if (anonymous && !anonymous.enabled && anonymous.conditions?.length) {
    const shown = anonymous.conditions.map(({ path = "" }) => ({ Path: path }));
    const detail = "enabled should be set to true when conditions are defined";
    errors.push(invalid(FieldPath.of("anonymous", "conditions"), shown, detail));
  }
  return errors;
}

function validateJwtAuthenticator(
  {
    issuer = {},
    claimValidationRules = [],
    claimMappings = {},
    userValidationRules = [],
  }: JwtAuthenticatorConfiguration,
  path: FieldPath,
  disallowedIssuers: readonly string[],
): FieldError[] {
  return [
    ...validateIssuer(issuer, path.child("issuer"), disallowedIssuers),
    ...validateClaimRules(claimValidationRules, path.child("claimValidationRules")),
    ...validateMappings(claimMappings, path.child("claimMappings")),
    ...validateUserRules(userValidationRules, path.child("userValidationRules")),
  ];
}

function validateIssuer(
  { url = "", discoveryURL = "", audiences = [], ...rest }: IssuerConfiguration,
  path: FieldPath,
  disallowedIssuers: readonly string[],
): FieldError[] {
  const discovery = path.child("discoveryURL");
  const trimmed = (text: string) => text.replace(/\/+$/, "");
  const errors =
    url === "" ? [required(path.child("url"))] : validateUrl(url, path.child("url"), disallowedIssuers);
  if (discoveryURL !== "") {
    if (url !== "" && trimmed(url) === trimmed(discoveryURL))
      errors.push(invalid(discovery, discoveryURL, "discoveryURL must be different from URL"));
    errors.push(...validateUrl(discoveryURL, discovery, []));
  }
  errors.push(...validateAudiences(audiences, rest.audienceMatchPolicy ?? "", path));
  const problem = authoritiesProblem(rest.certificateAuthority ?? "");
  if (problem !== undefined) errors.push(invalid(path.child("certificateAuthority"), "<omitted>", problem));
  const { egressSelectorType = "" } = rest;
  if (!["", "controlplane", "cluster"].includes(egressSelectorType)) {
    const detail = "egress selector must be either controlplane or cluster";
    errors.push(invalid(path.child("egressSelectorType"), egressSelectorType, detail));
  }
  return errors;
}

function validateUrl(text: string, path: FieldPath, disallowed: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  const say = (detail: string) => void errors.push(invalid(path, text, detail));
  if (disallowed.includes(text))
    say(`URL must not overlap with disallowed issuers: [${[...disallowed].sort().join(" ")}]`);
  try {
    const { scheme, user, rawQuery, fragment } = parseGoUrl(text);
    if (scheme !== "https") say("URL scheme must be https");
    if (user !== undefined) say("URL must not contain a username or password");
    if (rawQuery !== "") say("URL must not contain a query");
    if (fragment !== "") say("URL must not contain a fragment");
  } catch (error) {
    if (!(error instanceof GoUrlError)) throw error;
    say(error.message);
  }
  return errors;
}

function validateAudiences(audiences: readonly string[], policy: string, issuer: FieldPath): FieldError[] {
  const path = issuer.child("audiences");
  if (audiences.length === 0) return [required(path, `at least one ${path} is required`)];
  const errors = audiences.flatMap((audience, i) => [
    ...(audience === "" ? [required(path.index(i))] : []),
    ...(audiences.indexOf(audience) < i ? [duplicate(path.index(i), audience)] : []),
  ]);
  const isFine = policy === "MatchAny" || (policy === "" && audiences.length === 1);
  if (isFine) return errors;
  const detail =
    audiences.length > 1
      ? "audienceMatchPolicy must be MatchAny for multiple audiences"
      : "audienceMatchPolicy must be empty or MatchAny for single audience";
  return [...errors, invalid(issuer.child("audienceMatchPolicy"), policy, detail)];
}

/** Source: cert.NewPoolFromBytes. */
function authoritiesProblem(pem: string): string | undefined {
  if (pem === "") return undefined;
  const blocks = decodePem(pem).filter(({ type, headers }) => type === "CERTIFICATE" && headers.size === 0);
  if (blocks.length === 0) return "data does not contain any valid RSA or ECDSA certificates";
  return blocks.every(({ bytes }) => parseCertificate(bytes)) ? undefined : "x509: malformed certificate";
}

function validateClaimRules(
  rules: NonNullable<JwtAuthenticatorConfiguration["claimValidationRules"]>,
  path: FieldPath,
): FieldError[] {
  const claims = new Set<string>();
  const expressions = new Set<string>();
  return rules.flatMap(({ claim = "", expression = "", message = "", requiredValue = "" }, i) => {
    const own = path.index(i);
    if (claim !== "" && expression !== "")
      return [invalid(own, claim, "claim and expression can't both be set")];
    if (claim === "" && expression === "") return [required(own, "claim or expression is required")];
    if (claim !== "")
      return [
        ...(message === ""
          ? []
          : [invalid(own.child("message"), message, "may not be specified when claim is set")]),
        ...repeated(claims, claim, own.child("claim")),
      ];
    return [
      ...(requiredValue === ""
        ? []
        : [
            invalid(own.child("requiredValue"), requiredValue, "may not be specified when expression is set"),
          ]),
      ...repeated(expressions, expression, own.child("expression")),
    ];
  });
}

function repeated(seen: Set<string>, text: string, path: FieldPath): FieldError[] {
  if (seen.has(text)) return [duplicate(path, text)];
  seen.add(text);
  return [];
}

function validateMappings(
  {
    username = {},
    groups = {},
    uid = {},
    extra = [],
  }: NonNullable<JwtAuthenticatorConfiguration["claimMappings"]>,
  path: FieldPath,
): FieldError[] {
  const both = "claim and expression can't both be set";
  const keys = new Set<string>();
  return [
    ...validateMapping(username, path.child("username"), true),
    ...validateMapping(groups, path.child("groups"), false),
    ...(uid.claim && uid.expression ? [invalid(path.child("uid"), "", both)] : []),
    ...extra.flatMap(({ key = "", valueExpression = "" }, i) => {
      const own = path.child("extra").index(i);
      const errors = [...validateExtraKey(key, own.child("key")), ...repeated(keys, key, own.child("key"))];
      const isRepeated = errors.some(({ type }) => type === "FieldValueDuplicate");
      return valueExpression === "" && !isRepeated
        ? [...errors, required(own.child("valueExpression"))]
        : errors;
    }),
  ];
}

function validateExtraKey(key: string, path: FieldPath): FieldError[] {
  const errors = validateDomainPrefixedPath(key, path);
  if (key !== key.toLowerCase()) errors.push(invalid(path, key, "must be lowercase"));
  if (/^([^/]*\.)?(kubernetes|k8s)\.io\//.test(key)) {
    const detail = "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use";
    errors.push(invalid(path, key, detail));
  }
  return errors;
}

function validateMapping(
  { claim = "", expression = "", prefix }: PrefixedClaim,
  path: FieldPath,
  isRequired: boolean,
): FieldError[] {
  if (claim !== "" && expression !== "") return [invalid(path, "", "claim and expression can't both be set")];
  if (claim !== "") {
    if (prefix !== undefined) return [];
    const detail =
      "prefix is required when claim is set. It can be set to an empty string to disable prefixing";
    return [required(path.child("prefix"), detail)];
  }
  if (expression === "") return isRequired ? [required(path, "claim or expression is required")] : [];
  if (prefix === undefined) return [];
  return [invalid(path.child("prefix"), prefix, "may not be specified when expression is set")];
}

function validateUserRules(
  rules: NonNullable<JwtAuthenticatorConfiguration["userValidationRules"]>,
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return rules.flatMap(({ expression = "" }, i) => {
    const own = path.index(i).child("expression");
    return expression === "" ? [required(own)] : repeated(seen, expression, own);
  });
}

/** Where expressions stand, which nothing evaluates. */
export function expressionsIn({ jwt = [] }: AuthenticationConfiguration): string[] {
  return jwt.flatMap(({ claimValidationRules = [], claimMappings = {}, userValidationRules = [] }, i) => {
    const path = FieldPath.of("jwt").index(i);
    const mappings = path.child("claimMappings");
    const { username, groups, uid, extra = [] } = claimMappings;
    const places: readonly (readonly [string | undefined, FieldPath])[] = [
      ...claimValidationRules.map(
        ({ expression }, k) => [expression, path.child("claimValidationRules").index(k)] as const,
      ),
      [username?.expression, mappings.child("username")],
      [groups?.expression, mappings.child("groups")],
      [uid?.expression, mappings.child("uid")],
      ...extra.map(({ valueExpression }, k) => [valueExpression, mappings.child("extra").index(k)] as const),
      ...userValidationRules.map(
        ({ expression }, k) => [expression, path.child("userValidationRules").index(k)] as const,
      ),
    ];
    return places.flatMap(([expression, place]) => (expression ? [String(place)] : []));
  });
}
