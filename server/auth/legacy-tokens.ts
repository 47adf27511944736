/** Tokens of service accounts that are kept in secrets: they never expire, and are good while their secret has them. */
import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../../api/clock.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { AuthenticationResult, Authenticator, Credentials, Rejected } from "./authenticator.ts";
import type { ParsedJwt, SigningKey } from "./jwt.ts";
import { serviceAccountGroups, serviceAccountOf, serviceAccountUser } from "./service-account.ts";
import type { TokenObjects } from "./service-account-tokens.ts";
import { audiencesFor, type TokenKeys, tokenOf } from "./token-keys.ts";

const issuer = "kubernetes/serviceaccount";
const prefix = "kubernetes.io/serviceaccount/";
const lastUsed = "kubernetes.io/legacy-token-last-used";
const invalidSince = "kubernetes.io/legacy-token-invalid-since";
const day = 86_400_000;

export interface LegacyTokensOptions {
  /** Whom the tokens are meant for: the API server's own audiences. */
  audiences: readonly string[];
  keys: () => Promise<TokenKeys>;
  /** false: a token is good although its secret and account are gone. */
  lookup: boolean;
  objects: TokenObjects;
  /** Writes the day of a secret's last use to a label, as a merge patch. */
  label(secret: KubeObject, labels: Readonly<Record<string, string>>): Promise<void>;
  clock: Clock;
  onError: (error: unknown) => void;
}

type Secret = KubeObject & { data?: Readonly<Record<string, string>> };
type Account = KubeObject & { secrets?: readonly { name?: string }[] };

const generatedWarning =
  "Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.";

/** A token of the account that is good while the secret has it. */
export function issueLegacyToken(
  key: Pick<SigningKey, "sign">,
  account: KubeObject,
  secret: KubeObject,
): string {
  const { namespace = "", name = "", uid = "" } = account.metadata;
  return key.sign({
    iss: issuer,
    [`${prefix}namespace`]: namespace,
    [`${prefix}secret.name`]: secret.metadata.name ?? "",
    [`${prefix}service-account.name`]: name,
    [`${prefix}service-account.uid`]: uid,
    sub: serviceAccountUser(namespace, name),
  });
}

/** Source: pkg/serviceaccount/legacy.go. */
export class LegacyTokens implements Authenticator {
  readonly #options: LegacyTokensOptions;

  constructor(options: LegacyTokensOptions) {
    this.#options = options;
  }

  async issue(account: KubeObject, secret: KubeObject): Promise<string> {
    return issueLegacyToken(await this.#options.keys(), account, secret);
  }

  async authenticate({ bearerToken, audiences: asked }: Credentials): Promise<AuthenticationResult> {
    const token = tokenOf([issuer], bearerToken);
    if (!token) return undefined;
    const problem = (await this.#options.keys()).signatureProblem(token);
    if (problem !== undefined) return { problem };
    const { audiences: own } = this.#options;
    const meant = audiencesFor(own, asked ?? own);
    return "problem" in meant ? meant : this.#validate(token, bearerToken!, meant.audiences);
  }

  async #validate(
    { claims }: ParsedJwt,
    token: string,
    audiences: readonly string[],
  ): Promise<AuthenticationResult> {
    const claim = (name: string) => String(claims[name] ?? "");
    const named = {
      sub: claim("sub"),
      namespace: claim(`${prefix}namespace`),
      secretName: claim(`${prefix}secret.name`),
      serviceAccountName: claim(`${prefix}service-account.name`),
      serviceAccountUID: claim(`${prefix}service-account.uid`),
    };
    const missing = Object.entries(named).find(([, value]) => value === "");
    if (missing) return { problem: `${missing[0]} claim is missing` };
    const { sub, namespace, secretName, serviceAccountName: name, serviceAccountUID: uid } = named;
    const subject = serviceAccountOf(sub);
    if (subject?.namespace !== namespace || subject.name !== name) return { problem: "sub claim is invalid" };
    const known = { user: { name: sub, uid, groups: serviceAccountGroups(namespace) }, audiences };
    if (!this.#options.lookup) return known;
    const secret = await this.#secret(namespace, secretName);
    const rejected = secretProblem(secret, token);
    if (rejected !== undefined) return { problem: rejected };
    const account = await this.#account(namespace, name, uid);
    if ("problem" in account) return account;
    await this.#markUsed(secret!);
    const isGenerated = account.secrets?.some((one) => one.name === secretName);
    return invalidation(secret!, name) ?? (isGenerated ? { ...known, warnings: [generatedWarning] } : known);
  }

  async #secret(namespace: string, name: string): Promise<Secret | undefined> {
    try {
      return await this.#options.objects("secrets", namespace, name);
    } catch (error) {
      if (error instanceof StatusError) return undefined;
      throw error;
    }
  }

  async #account(namespace: string, name: string, uid: string): Promise<Account | Rejected> {
    try {
      const account: Account = await this.#options.objects("serviceaccounts", namespace, name);
      const { metadata } = account;
      if (metadata.deletionTimestamp !== undefined)
        return { problem: `ServiceAccount ${namespace}/${name} has been deleted` };
      if (metadata.uid === uid) return account;
      return { problem: `ServiceAccount UID (${metadata.uid}) does not match claim (${uid})` };
    } catch (error) {
      if (error instanceof StatusError) return { problem: error.message };
      throw error;
    }
  }

  async #markUsed(secret: Secret): Promise<void> {
    const { clock, label, onError } = this.#options;
    const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
    const today = dayOf(clock.now());
    const known = secret.metadata.labels?.[lastUsed];
    if (known === today || known === dayOf(clock.now() + day)) return;
    await label(secret, { [lastUsed]: today }).catch(onError);
  }
}

function secretProblem(secret: Secret | undefined, token: string): string | undefined {
  if (!secret || secret.metadata.deletionTimestamp !== undefined) return "Token has been invalidated";
  const [kept, given] = [Buffer.from(secret.data?.["token"] ?? "", "base64"), Buffer.from(token)];
  const isSame = kept.length === given.length && timingSafeEqual(kept, given);
  return isSame ? undefined : "Token does not match server's copy";
}

function invalidation({ metadata }: Secret, account: string): Rejected | undefined {
  if (!metadata.labels?.[invalidSince]) return undefined;
  const { namespace, name } = metadata;
  const text =
    `the token in secret ${namespace}/${name} for service account ${namespace}/${account} has been marked invalid. ` +
    "Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the " +
    `'${invalidSince}' label from the secret to temporarily allow use of this token`;
  return { problem: text };
}
