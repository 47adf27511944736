/** --authorization-mode=Webhook. Source: k8s.io/apiserver/plugin/pkg/authorizer/webhook. */
import type { Clock } from "../../api/clock.ts";
import type { LabelOperator } from "../../api/selectors.ts";
import type {
  AuthorizationAttributes,
  AuthorizationDecision,
  Authorizer,
  ResourceAttributes,
  SubjectRules,
} from "./authorizer.ts";
import { ExpiringMap } from "./expiring-map.ts";
import { WebhookError } from "./webhook-client.ts";

interface ReviewStatus {
  allowed?: boolean;
  denied?: boolean;
  reason?: string;
}

export interface WebhookAuthorizerOptions {
  /** Sends a SubjectAccessReview, and has its answer. @throws WebhookError */
  post(review: object): Promise<unknown>;
  version: "v1" | "v1beta1";
  /** Milliseconds that answers are believed; 0: they are not. */
  authorizedTtl: number;
  unauthorizedTtl: number;
  /** Nobody else is asked when nobody answers. */
  denyOnError?: boolean;
  clock: Clock;
}

const maxAnswers = 8192;
/** What a client may make larger at will is not kept. */
const longestKept = 10_000;

/** Asks somebody else, who is believed for a while; where nobody answers, others decide. */
export class WebhookAuthorizer implements Authorizer {
  readonly #options: WebhookAuthorizerOptions;
  readonly #known: ExpiringMap<ReviewStatus>;

  constructor(options: WebhookAuthorizerOptions) {
    this.#options = options;
    this.#known = new ExpiringMap(maxAnswers, options.clock);
  }

  rulesFor(): SubjectRules {
    const evaluationError = "webhook authorizer does not support user rule resolution";
    return { resourceRules: [], nonResourceRules: [], incomplete: true, evaluationError };
  }

  authorize(attributes: AuthorizationAttributes): AuthorizationDecision | Promise<AuthorizationDecision> {
    const spec = this.#spec(attributes);
    const key = JSON.stringify(spec);
    const known = this.#known.get(key);
    if (known) return decisionOf(known);
    return this.#ask(spec, key, sizeOf(attributes) < longestKept);
  }

  async #ask(spec: object, key: string, keep: boolean): Promise<AuthorizationDecision> {
    const { post, version, denyOnError = false } = this.#options;
    const review = {
      kind: "SubjectAccessReview",
      apiVersion: `authorization.k8s.io/${version}`,
      metadata: {},
      spec,
      status: { allowed: false },
    };
    try {
      const { status = {} } = (await post(review)) as { status?: ReviewStatus };
      if (keep) this.#remember(key, status);
      return decisionOf(status);
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      return { allowed: false, ...(denyOnError ? { denied: true } : {}), error: error.message };
    }
  }

  #remember(key: string, status: ReviewStatus): void {
    const { authorizedTtl, unauthorizedTtl } = this.#options;
    this.#known.set(key, status, status.allowed ? authorizedTtl : unauthorizedTtl);
  }

  #spec({ user, verb, resource, path }: AuthorizationAttributes): object {
    const { name, groups, uid, extra } = user;
    const isOld = this.#options.version === "v1beta1";
    return {
      ...(resource
        ? { resourceAttributes: resourceOf(verb, resource) }
        : { nonResourceAttributes: withoutEmpty({ path, verb }) }),
      ...withoutEmpty({ user: name }),
      ...(groups.length === 0 ? {} : { [isOld ? "group" : "groups"]: groups }),
      ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
      ...(uid ? { uid } : {}),
    };
  }
}

function decisionOf({ allowed = false, denied = false, reason = "" }: ReviewStatus): AuthorizationDecision {
  if (denied && allowed) {
    const error = "webhook subject access review returned both allow and deny response";
    return { allowed: false, denied, reason, error };
  }
  return { allowed, ...(denied ? { denied } : {}), reason };
}

function resourceOf(verb: string, asked: ResourceAttributes): object {
  const {
    namespace,
    group,
    version,
    resource,
    subresource,
    name,
    fieldSelector = [],
    labelSelector = [],
  } = asked;
  const fields = fieldSelector.map(({ field: key, operator, value }) => {
    return { key, operator: operator === "=" ? "In" : "NotIn", values: [value] };
  });
  const labels = labelSelector.flatMap(({ key, operator, values }) => {
    const known = labelOperators[operator];
    return known === undefined ? [] : [{ key, operator: known, ...(values.length > 0 ? { values } : {}) }];
  });
  return {
    ...withoutEmpty({ namespace, verb, group, version, resource, subresource, name }),
    ...(fields.length > 0 ? { fieldSelector: { requirements: fields } } : {}),
    ...(labels.length > 0 ? { labelSelector: { requirements: labels } } : {}),
  };
}

/** The others only narrow: to leave them out asks for more, which is safe. */
const labelOperators: Readonly<Partial<Record<LabelOperator, string>>> = {
  "=": "In",
  "==": "In",
  in: "In",
  "!=": "NotIn",
  notin: "NotIn",
  exists: "Exists",
  "!": "DoesNotExist",
};

const withoutEmpty = (texts: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));

/** Bytes of what a client chooses. */
function sizeOf({ verb, path, resource }: AuthorizationAttributes): number {
  const { namespace = "", group = "", version = "", subresource = "", name = "" } = resource ?? {};
  const texts = [namespace, verb, group, version, resource?.resource ?? "", subresource, name, path];
  return Buffer.byteLength(texts.join(""));
}
