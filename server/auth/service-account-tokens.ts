/** Tokens of service accounts: made for a TokenRequest, believed while what they are bound to exists. */
import type { Clock, Random } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Authenticated, AuthenticationResult, Authenticator, Rejected } from "./authenticator.ts";
import type { ParsedJwt } from "./jwt.ts";
import { serviceAccountGroups, serviceAccountUser } from "./service-account.ts";
import { audiencesFor, type TokenKeys, tokenOf } from "./token-keys.ts";

/** What tokens may be bound to, besides their account. */
export type BoundResource = "pods" | "secrets" | "nodes";

/** The present state of the objects that tokens name; rejects with a StatusError 404 where there is none. */
export type TokenObjects = (
  resource: BoundResource | "serviceaccounts",
  namespace: string,
  name: string,
) => Promise<KubeObject>;

export interface ServiceAccountTokensOptions {
  /** The first issues; all are believed. */
  issuers: readonly string[];
  /** Whom tokens are meant for unless their request says it: the API server's own audiences. */
  audiences: readonly string[];
  /** Made or read when they are first needed. */
  keys: () => Promise<TokenKeys>;
  objects: TokenObjects;
  clock: Clock;
  random: Random;
}

/** uid: absent for the node of a pod, where there is no such node. */
interface Reference {
  name: string;
  uid?: string;
}

/** Source: privateClaims of pkg/serviceaccount/claims.go. */
interface KubernetesClaims {
  namespace: string;
  node?: Reference;
  pod?: Reference;
  secret?: Reference;
  serviceaccount: Reference;
  warnafter?: number;
}

export interface TokenSubject {
  account: KubeObject;
  pod?: KubeObject;
  secret?: KubeObject;
  /** The token's own, or that of its pod, which may not exist. */
  node?: { metadata: { name?: string; uid?: string } };
}

export interface TokenTerms {
  audiences: readonly string[];
  seconds: number;
  /** When its use is to be warned of, if it outlives what was asked for. */
  warnAfterSeconds?: number;
}

/** Clocks may differ by as much. Source: jwt.DefaultLeeway. */
const leewaySeconds = 60;

const referenceTo = ({ metadata }: { metadata: { name?: string; uid?: string } }): Reference => ({
  name: metadata.name ?? "",
  ...(metadata.uid ? { uid: metadata.uid } : {}),
});

export class ServiceAccountTokens implements Authenticator {
  readonly audiences: readonly string[];
  readonly objects: TokenObjects;
  readonly #issuers: readonly string[];
  readonly #keys: () => Promise<TokenKeys>;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor({ issuers, audiences, keys, objects, clock, random }: ServiceAccountTokensOptions) {
    this.audiences = audiences;
    this.objects = objects;
    this.#issuers = issuers;
    this.#keys = keys;
    this.#clock = clock;
    this.#random = random;
  }

  /** Source: token.Claims. */
  async issue(subject: TokenSubject, { audiences, seconds, warnAfterSeconds }: TokenTerms): Promise<string> {
    const { account, pod, secret, node } = subject;
    const { namespace = "", name = "" } = account.metadata;
    const now = this.#seconds();
    const kubernetes: KubernetesClaims = {
      namespace,
      ...(node ? { node: referenceTo(node) } : {}),
      ...(pod ? { pod: referenceTo(pod) } : {}),
      ...(secret ? { secret: referenceTo(secret) } : {}),
      serviceaccount: referenceTo(account),
      ...(warnAfterSeconds ? { warnafter: now + warnAfterSeconds } : {}),
    };
    const keys = await this.#keys();
    return keys.sign({
      aud: [...audiences],
      exp: now + seconds,
      iat: now,
      iss: this.issuer,
      jti: this.#random.uuid(),
      "kubernetes.io": kubernetes,
      nbf: now,
      sub: serviceAccountUser(namespace, name),
    });
  }

  /** Source: jwtTokenAuthenticator. */
  async authenticate({
    bearerToken,
    audiences: asked = this.audiences,
  }: Parameters<Authenticator["authenticate"]>[0]): Promise<AuthenticationResult> {
    const token = tokenOf(this.#issuers, bearerToken);
    if (!token) return undefined;
    const problem = (await this.#keys()).signatureProblem(token);
    if (problem !== undefined) return { problem };
    const meant = audiencesFor(audiencesOf(token, this.audiences), asked);
    if ("problem" in meant) return meant;
    const result = await this.#validate(token);
    return "problem" in result ? result : { ...result, ...meant };
  }

  /** Source: validator.Validate of claims.go. */
  async #validate({ claims }: ParsedJwt): Promise<Authenticated | Rejected> {
    const now = this.#seconds();
    const { exp, nbf, iat, jti } = claims as Record<string, number | undefined> & { jti?: string };
    if (nbf !== undefined && now + leewaySeconds < nbf)
      return { problem: "service account token is not valid yet" };
    if (exp !== undefined && now - leewaySeconds > exp)
      return { problem: "service account token has expired" };
    if (iat !== undefined && now + leewaySeconds < iat)
      return { problem: "service account token is issued in the future" };
    const bound = claims["kubernetes.io"] as KubernetesClaims;
    const problem = (await this.#accountProblem(bound)) ?? (await this.#bindingProblem(bound));
    if (problem !== undefined) return { problem };
    const { namespace, serviceaccount } = bound;
    return {
      user: {
        name: serviceAccountUser(namespace, serviceaccount.name),
        uid: serviceaccount.uid,
        groups: serviceAccountGroups(namespace),
        extra: extraOf(bound, jti),
      },
    };
  }

  async #accountProblem({ namespace, serviceaccount }: KubernetesClaims): Promise<string | undefined> {
    try {
      const { metadata } = await this.objects("serviceaccounts", namespace, serviceaccount.name);
      if (metadata.uid !== serviceaccount.uid)
        return `service account UID (${metadata.uid}) does not match claim (${serviceaccount.uid})`;
      const gone = this.#isLongDeleted(metadata.deletionTimestamp);
      return gone ? `service account ${namespace}/${serviceaccount.name} has been deleted` : undefined;
    } catch (error) {
      if (error instanceof StatusError) return error.message;
      throw error;
    }
  }

  async #bindingProblem({ namespace, secret, pod, node }: KubernetesClaims): Promise<string | undefined> {
    if (secret) return this.#objectProblem("secrets", namespace, secret);
    if (pod) return this.#objectProblem("pods", namespace, pod);
    return node && this.#objectProblem("nodes", "", node);
  }

  async #objectProblem(
    resource: BoundResource,
    namespace: string,
    { name, uid }: Reference,
  ): Promise<string | undefined> {
    const invalidated = "service account token has been invalidated";
    try {
      const { metadata } = await this.objects(resource, namespace, name);
      const kind = resource.slice(0, -1);
      if (metadata.uid !== uid)
        return `${kind} UID (${metadata.uid}) does not match service account ${kind} ref claim (${uid})`;
      return this.#isLongDeleted(metadata.deletionTimestamp) ? invalidated : undefined;
    } catch (error) {
      if (error instanceof StatusError) return invalidated;
      throw error;
    }
  }

  #isLongDeleted(deletionTimestamp: string | undefined): boolean {
    return (
      deletionTimestamp !== undefined &&
      Date.parse(deletionTimestamp) / 1000 < this.#seconds() - leewaySeconds
    );
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  /** What others verify tokens with. */
  keys(): Promise<Pick<TokenKeys, "keySet" | "algorithms">> {
    return this.#keys();
  }

  get issuer(): string {
    return this.#issuers[0]!;
  }
}

function audiencesOf({ claims }: ParsedJwt, own: readonly string[]): readonly string[] {
  const { aud } = claims as { aud?: string | string[] };
  const audiences = typeof aud === "string" ? [aud] : (aud ?? []);
  return audiences.length === 0 ? own : audiences;
}

const extraPrefix = "authentication.kubernetes.io/";

/** Source: ServiceAccountInfo.UserInfo. */
function extraOf({ pod, node }: KubernetesClaims, tokenId: string | undefined): Record<string, string[]> {
  return {
    ...(pod?.name && pod.uid
      ? { [`${extraPrefix}pod-name`]: [pod.name], [`${extraPrefix}pod-uid`]: [pod.uid] }
      : {}),
    ...(tokenId ? { [`${extraPrefix}credential-id`]: [`JTI=${tokenId}`] } : {}),
    ...(node?.name ? { [`${extraPrefix}node-name`]: [node.name] } : {}),
    ...(node?.name && node.uid ? { [`${extraPrefix}node-uid`]: [node.uid] } : {}),
  };
}
