/** POST …/serviceaccounts/NAME/token. Source: pkg/registry/core/serviceaccount/storage/token.go. */
import { timestampAt } from "../../../api/clock.ts";
import type { KubeObject } from "../../../api/object.ts";
import { badRequest, conflict, invalid } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import { validateTokenRequest } from "../../../api/validation/authentication/token-request.ts";
import { FieldPath, invalid as invalidField } from "../../../api/validation/field.ts";
import type {
  BoundResource,
  ServiceAccountTokens,
  TokenSubject,
  TokenTerms,
} from "../../auth/service-account-tokens.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import type { PipelineContext } from "../call.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import type { ApiRequest } from "../request.ts";
import { spokenAnswer } from "./spoken.ts";

type TokenSpec = Schemas["io.k8s.api.authentication.v1.TokenRequestSpec"];
type BoundReference = NonNullable<TokenSpec["boundObjectRef"]>;

interface TokenRequest extends KubeObject {
  spec: TokenSpec;
}

const group = "authentication.k8s.io";
const kind = "TokenRequest";

/** What kubelets ask for when they mount a token; it lives on, because old clients never read it again. */
const mountedSeconds = 3607;
const extendedSeconds = 365 * 24 * 3600;

export interface TokenLimits {
  /** No token that is asked for is good for longer; 0: as long as it is asked for. */
  maxSeconds: number;
  /** Whether mounted tokens outlive their time. */
  extend: boolean;
}

/** TokenRequest on a service account. */
export function serviceAccountTokens(
  codec: VersionCodec,
  tokens: ServiceAccountTokens,
  { maxSeconds, extend }: TokenLimits,
  { clock, gates }: PipelineContext,
): SpecialHandlers {
  return {
    codec,
    preservesMetadata: true,
    async create(object, call) {
      const { request } = call;
      const asked = object as TokenRequest;
      matchName(asked, request);
      const account = await tokens.objects("serviceaccounts", request.namespace, request.name);
      const { uid } = account.metadata;
      if (asked.metadata.uid && asked.metadata.uid !== uid) {
        const problem = `the UID in the token request (${asked.metadata.uid}) does not match the UID of the service account (${uid})`;
        if (gates.enabled("TokenRequestServiceAccountUIDValidation"))
          throw conflict({ group, resource: kind }, request.name, problem);
        request.warn(
          `${problem} but TokenRequestServiceAccountUIDValidation is not enabled. In the future, this will return a conflict error`,
        );
      }
      const now = clock.now();
      const { name, namespace } = account.metadata;
      const metadata = {
        ...asked.metadata,
        name: name!,
        namespace: namespace!,
        uid: asked.metadata.uid || uid!,
        creationTimestamp: timestampAt(now),
      };
      const audiences = asked.spec.audiences?.length ? asked.spec.audiences : [...tokens.audiences];
      const spec = { ...asked.spec, audiences };
      const errors = validateTokenRequest({ spec });
      if (errors.length > 0) throw invalid({ group, kind }, "", errors);
      await call.validate("CREATE", { ...asked, metadata, spec } as KubeObject, undefined);
      const subject = await subjectOf(tokens, account, spec.boundObjectRef, request);
      const { expirationSeconds = 0 } = spec;
      if (maxSeconds > 0 && expirationSeconds > maxSeconds) {
        request.warn(
          `requested expiration of ${expirationSeconds} seconds shortened to ${maxSeconds} seconds`,
        );
        spec.expirationSeconds = maxSeconds;
      }
      const terms = extend ? termsOf(spec, subject, tokens) : plainTerms(spec);
      const token = await tokens.issue(subject, terms);
      const expirationTimestamp = timestampAt(now + (spec.expirationSeconds ?? 0) * 1000);
      const answer = { ...asked, metadata, spec, status: { token, expirationTimestamp } };
      return spokenAnswer(codec.info.struct!, answer, 201);
    },
  };
}

const namePath = FieldPath.of("metadata", "name");

function matchName({ metadata }: TokenRequest, { name }: ApiRequest): void {
  if (!metadata.name || metadata.name === name) return;
  const detail = "must match the service account name if specified";
  throw invalid({ group, kind }, name, [invalidField(namePath, metadata.name, detail)]);
}

const plainTerms = ({ audiences = [], expirationSeconds = 0 }: TokenSpec): TokenTerms => ({
  audiences,
  seconds: expirationSeconds,
});

/** A token of a pod that the kubelet mounts outlives its time, and warns after it. */
function termsOf(spec: TokenSpec, { pod }: TokenSubject, tokens: ServiceAccountTokens): TokenTerms {
  const { audiences = [], expirationSeconds = 0 } = spec;
  const isServers = audiences.every((audience) => tokens.audiences.includes(audience));
  if (pod && expirationSeconds === mountedSeconds && isServers)
    return { audiences, seconds: extendedSeconds, warnAfterSeconds: expirationSeconds };
  return plainTerms(spec);
}

const boundResources: Readonly<Record<string, BoundResource>> = {
  Pod: "pods",
  Node: "nodes",
  Secret: "secrets",
};

async function subjectOf(
  tokens: ServiceAccountTokens,
  account: KubeObject,
  reference: BoundReference | null | undefined,
  { namespace, name }: ApiRequest,
): Promise<TokenSubject> {
  if (!reference) return { account };
  const { apiVersion = "", kind: boundKind = "" } = reference;
  const parts = apiVersion.split("/");
  const boundGroup = parts.length === 2 ? parts[0]! : "";
  const resource = boundGroup === "" ? boundResources[boundKind] : undefined;
  if (!resource) {
    const version = parts.at(-1) ?? "";
    throw badRequest(`cannot bind token to object of type ${boundGroup}/${version}, Kind=${boundKind}`);
  }
  const bound = await tokens.objects(resource, resource === "nodes" ? "" : namespace, reference.name ?? "");
  const subject = await subjectBoundTo(tokens, account, bound, resource, name);
  if (reference.uid && reference.uid !== bound.metadata.uid) {
    const problem = `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: boundGroup, resource: boundKind }, reference.name ?? "", problem);
  }
  return subject;
}

async function subjectBoundTo(
  tokens: ServiceAccountTokens,
  account: KubeObject,
  bound: KubeObject,
  resource: BoundResource,
  accountName: string,
): Promise<TokenSubject> {
  if (resource === "secrets") return { account, secret: bound };
  if (resource === "nodes") return { account, node: bound };
  const { spec } = bound as KubeObject & { spec: Schemas["io.k8s.api.core.v1.PodSpec"] };
  if (spec.serviceAccountName !== accountName) {
    throw badRequest(
      `cannot bind token for serviceaccount "${accountName}" to pod running with different serviceaccount name.`,
    );
  }
  if (!spec.nodeName) return { account, pod: bound };
  // A node that does not exist is named all the same.
  const unknown = { metadata: { name: spec.nodeName } };
  const node = await tokens.objects("nodes", "", spec.nodeName).catch(() => unknown);
  return { account, pod: bound, node };
}
