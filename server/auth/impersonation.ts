/**
 * Acting as somebody else, by Impersonate-… headers. Each mode asks for less than the one after it; the last is
 * how it was before KEP-5284. Source: k8s.io/apiserver/pkg/endpoints/filters/impersonation.
 */
import { goQuote } from "../../api/go-format.ts";
import { StatusError } from "../../api/status.ts";
import { validateDomainPrefixedPath } from "../../api/validation/domain-prefixed-path.ts";
import { aggregateMessage, FieldPath } from "../../api/validation/field.ts";
import { checkDns1123Subdomain } from "../../api/validation/names.ts";
import type { AuthorizationAttributes, Authorizer } from "./authorizer.ts";
import { AccessError, forbiddenError } from "./forbidden.ts";
import { serviceAccountGroups, serviceAccountOf } from "./service-account.ts";
import { anonymousUser, type UserInfo } from "./user.ts";

export interface WantedUser {
  name: string;
  uid: string;
  groups: readonly string[];
  extra: Readonly<Record<string, readonly string[]>>;
}

const prefix = "impersonate-";
const extraPrefix = `${prefix}extra-`;

/**
 * Whether any header is about acting as somebody else. In most requests none is, and then nobody needs all values of
 * all headers, which wantedUser does. headers: by lower-case name.
 */
export function mentionsUser(headers: object): boolean {
  for (const name in headers) if (name.startsWith(prefix)) return true;
  return false;
}

/**
 * Whom a request wants to be; undefined: nobody else. headers: by lower-case name.
 * @throws StatusError 400
 */
export function wantedUser(headers: Readonly<Record<string, string[] | undefined>>): WantedUser | undefined {
  const names = Object.keys(headers).filter((name) => name.startsWith(prefix));
  if (names.length === 0) return undefined;
  const groups = headers[`${prefix}group`] ?? [];
  const name = headers[`${prefix}user`]?.[0] ?? "";
  const uid = headers[`${prefix}uid`]?.[0] ?? "";
  const extra: Record<string, string[]> = {};
  for (const header of names.filter((one) => one.startsWith(extraPrefix)).sort()) {
    const key = unescaped(header.slice(extraPrefix.length));
    extra[key] = [...(extra[key] ?? []), ...(headers[header] ?? [])];
  }
  const wanted = { name, uid, groups, extra };
  if (name !== "") return wanted;
  if (uid === "" && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  const problem = `requested ${goText(wanted)} without impersonating a user name`;
  throw new AccessError(400, "BadRequest", problem);
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** As %#v of Go prints a user.DefaultInfo. */
function goText({ name, uid, groups, extra }: WantedUser): string {
  const strings = (list: readonly string[]) => `{${list.map(goQuote).join(", ")}}`;
  const keys = Object.keys(extra).sort();
  const entries = keys.map((key) => `${goQuote(key)}:[]string${strings(extra[key] ?? [])}`);
  const extraText = keys.length === 0 ? "(nil)" : `{${entries.join(", ")}}`;
  const groupText = groups.length === 0 ? "(nil)" : strings(groups);
  return `&user.DefaultInfo{Name:${goQuote(name)}, UID:${goQuote(uid)}, Groups:[]string${groupText}, Extra:map[string][]string${extraText}}`;
}

interface Mode {
  name: string;
  applies(wanted: WantedUser, requestor: UserInfo): boolean;
  /** What the authorizer is asked instead. */
  asked?(attributes: AuthorizationAttributes): AuthorizationAttributes;
}

const onlyName = ({ uid, groups, extra }: WantedUser): boolean =>
  uid === "" && groups.length === 0 && Object.keys(extra).length === 0;

const nodePrefix = "system:node:";

function nodeOf(name: string): string | undefined {
  const node = name.startsWith(nodePrefix) ? name.slice(nodePrefix.length) : "";
  return checkDns1123Subdomain(node).length === 0 ? node : undefined;
}

const modes: readonly Mode[] = [
  {
    name: "associated-node",
    applies(wanted, { name, extra }) {
      const own = extra?.["authentication.kubernetes.io/node-name"];
      const node = nodeOf(wanted.name);
      return onlyName(wanted) && !!serviceAccountOf(name) && own?.length === 1 && own[0] === node;
    },
    asked: (attributes) => ({
      ...attributes,
      user: {
        ...attributes.user,
        extra: {
          "authentication.kubernetes.io/associated-node-keys": Object.keys(
            attributes.user.extra ?? {},
          ).sort(),
        },
      },
      ...(attributes.resource && attributes.verb === "impersonate:associated-node"
        ? { resource: { ...attributes.resource, name: "*" } }
        : {}),
    }),
  },
  { name: "arbitrary-node", applies: (wanted) => onlyName(wanted) && nodeOf(wanted.name) !== undefined },
  { name: "serviceaccount", applies: (wanted) => onlyName(wanted) && !!serviceAccountOf(wanted.name) },
  { name: "user-info", applies: ({ name }) => nodeOf(name) === undefined && !serviceAccountOf(name) },
];

/** Users whose last mode is known. */
const rememberedUsers = 10_000;

/** Lets requests be somebody else's. constrained: the modes of KEP-5284 are tried before the old one. */
export class Impersonation {
  readonly #authorizer: Authorizer;
  readonly #modes: readonly (Mode | undefined)[];
  /** What let a user be somebody else last time: it is tried first, and tells the refusal. */
  readonly #lastModes = new Map<string, Mode | undefined>();

  constructor(authorizer: Authorizer, constrained: boolean) {
    this.#authorizer = authorizer;
    this.#modes = constrained ? [...modes, undefined] : [undefined];
  }

  /**
   * The user that a request becomes: the first mode that its sender may use decides. attributes: of the request itself.
   * @throws StatusError 403, of the first mode that refuses
   */
  async userFor(wanted: WantedUser, attributes: AuthorizationAttributes): Promise<UserInfo> {
    const { user } = attributes;
    let refusal: StatusError | undefined;
    for (const mode of this.#modesFor(user.name)) {
      if (mode && !mode.applies(wanted, user)) continue;
      try {
        const become = await new Attempt(this.#authorizer, mode, user).run(wanted, attributes);
        this.#remember(user.name, mode);
        return become;
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new Error("the last mode always applies");
  }

  #modesFor(name: string): readonly (Mode | undefined)[] {
    if (!this.#lastModes.has(name)) return this.#modes;
    const last = this.#lastModes.get(name);
    return [last, ...this.#modes.filter((mode) => mode !== last)];
  }

  #remember(name: string, mode: Mode | undefined): void {
    this.#lastModes.delete(name);
    this.#lastModes.set(name, mode);
    if (this.#lastModes.size <= rememberedUsers) return;
    for (const oldest of this.#lastModes.keys()) {
      this.#lastModes.delete(oldest);
      return;
    }
  }
}

/** From so many on, a right to all of them is asked for first. */
const manyChecks = 4;

/** One mode tried; undefined: the old one. */
class Attempt {
  readonly #authorizer: Authorizer;
  readonly #mode: Mode | undefined;
  readonly #requestor: UserInfo;

  constructor(authorizer: Authorizer, mode: Mode | undefined, requestor: UserInfo) {
    this.#authorizer = authorizer;
    this.#mode = mode;
    this.#requestor = requestor;
  }

  async run(wanted: WantedUser, attributes: AuthorizationAttributes): Promise<UserInfo> {
    const mode = this.#mode;
    if (mode) await this.#check({ ...attributes, verb: `impersonate-on:${mode.name}:${attributes.verb}` });
    const groups = await this.#checkName(wanted);
    if (wanted.uid !== "") await this.#check(this.#question("authentication.k8s.io", "uids", wanted.uid));
    await this.#checkGroups(wanted.groups);
    await this.#checkExtra(wanted.extra);
    return {
      name: wanted.name,
      ...(wanted.uid === "" ? {} : { uid: wanted.uid }),
      groups: withOwnGroup(wanted.name, groups),
      ...(Object.keys(wanted.extra).length === 0 ? {} : { extra: wanted.extra }),
    };
  }

  /** Users and groups are the core group's to the old way. */
  #question(group: string, resource: string, name: string): AuthorizationAttributes {
    return {
      user: this.#requestor,
      verb: this.#mode ? `impersonate:${this.#mode.name}` : "impersonate",
      path: "",
      resource: { group, version: "v1", resource, subresource: "", namespace: "", name },
    };
  }

  get #group(): string {
    return this.#mode ? "authentication.k8s.io" : "";
  }

  async #check(attributes: AuthorizationAttributes): Promise<void> {
    const asked = this.#mode?.asked?.(attributes) ?? attributes;
    const { allowed, reason, error } = await this.#authorizer.authorize(asked);
    if (!allowed) throw forbiddenError(asked, [error, reason].filter(Boolean).join(": "));
  }

  /** The groups that come with the name, unless others are asked for. */
  async #checkName({ name, groups }: WantedUser): Promise<readonly string[]> {
    const node = this.#mode && nodeOf(name);
    if (node !== undefined) {
      await this.#check(this.#question(this.#group, "nodes", node));
      return ["system:nodes"];
    }
    const account = serviceAccountOf(name);
    const question = this.#question(
      this.#group,
      account ? "serviceaccounts" : "users",
      account?.name ?? name,
    );
    if (account) question.resource!.namespace = account.namespace;
    await this.#check(question);
    return account && groups.length === 0 ? serviceAccountGroups(account.namespace) : groups;
  }

  async #checkGroups(groups: readonly string[]): Promise<void> {
    const question = (name: string) => this.#question(this.#group, "groups", name);
    if (this.#mode && groups.includes(""))
      throw forbiddenError(question(""), "impersonating the empty string group is not allowed");
    if (this.#mode && groups.includes("system:masters"))
      throw forbiddenError(
        question("system:masters"),
        "impersonating the system:masters group is not allowed",
      );
    if (groups.length >= manyChecks && (await this.#allowsAll(question("*")))) return;
    for (const group of groups) await this.#check(question(group));
  }

  async #checkExtra(extra: WantedUser["extra"]): Promise<void> {
    const question = (key: string, value: string) => {
      const asked = this.#question("authentication.k8s.io", "userextras", value);
      asked.resource!.subresource = key;
      return asked;
    };
    const pairs = Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => [key, value] as const),
    );
    const problem = this.#mode && extraProblem(extra);
    if (problem) throw forbiddenError(question("", ""), problem);
    if (pairs.length >= manyChecks && (await this.#allowsAll(question("*", "*")))) return;
    for (const [key, value] of pairs) await this.#check(question(key, value));
  }

  async #allowsAll(question: AuthorizationAttributes): Promise<boolean> {
    if (!this.#mode) return false;
    const asked = this.#mode.asked?.(question) ?? question;
    return (await this.#authorizer.authorize(asked)).allowed;
  }
}

function extraProblem(extra: WantedUser["extra"]): string | undefined {
  const notAllowed = (what: string) => `impersonating ${what} in extra is not allowed`;
  for (const [key, values] of Object.entries(extra)) {
    if (key === "") return notAllowed("the empty string key");
    const errors = validateDomainPrefixedPath(key, FieldPath.of("extra", "key"));
    if (errors.length > 0) return `${notAllowed("an invalid key")}: ${aggregateMessage(errors)}`;
    if (key !== key.toLowerCase()) return `${notAllowed("a non-lowercase key")}: ${goQuote(key)}`;
    if (values.length === 0) return notAllowed("empty values");
    if (values.includes("")) return notAllowed("the empty string value");
  }
  return undefined;
}

function withOwnGroup(name: string, groups: readonly string[]): readonly string[] {
  const [unauthenticated] = anonymousUser.groups as [string];
  const own = name === anonymousUser.name ? unauthenticated : "system:authenticated";
  const known = groups.includes(own) || groups.includes(unauthenticated);
  return known ? groups : [...groups, own];
}
