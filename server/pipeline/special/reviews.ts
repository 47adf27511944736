/**
 * Questions to the server about identity and access: nothing is stored.
 * Source: pkg/registry/authentication and pkg/registry/authorization.
 */
import { timestamp } from "../../../api/clock.ts";
import type { KubeObject } from "../../../api/object.ts";
import { badRequest, forbidden } from "../../../api/status.ts";
import { type Authenticator, authenticate } from "../../auth/authenticator.ts";
import type { AuthorizationAttributes, Authorizer } from "../../auth/authorizer.ts";
import type { UserInfo } from "../../auth/user.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import type { PipelineContext } from "../call.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import { spokenAnswer } from "./spoken.ts";

interface ReviewUser {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, readonly string[]>;
}

function userStatus({ name, uid, groups, extra }: UserInfo): ReviewUser {
  return {
    ...(name ? { username: name } : {}),
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    ...(extra && Object.keys(extra).length > 0 ? { extra: { ...extra } } : {}),
  };
}

interface TokenReview extends KubeObject {
  spec: { token?: string; audiences?: string[] };
}

export function tokenReviews(codec: VersionCodec, authenticators: readonly Authenticator[]): SpecialHandlers {
  return {
    codec,
    async create(object) {
      const { spec } = object as TokenReview;
      if (!spec?.token) throw badRequest("token is required for TokenReview in authentication");
      const user = await authenticate(authenticators, {
        certificateRejected: false,
        bearerToken: spec.token,
      });
      const known = user !== undefined && user !== "rejected";
      const status = known
        ? {
            authenticated: true,
            user: userStatus(user),
            ...(spec.audiences ? { audiences: spec.audiences } : {}),
          }
        : { user: {}, error: "[invalid bearer token, token lookup failed]" };
      return spokenAnswer({ ...object, status } as KubeObject);
    },
  };
}

export function selfSubjectReviews(codec: VersionCodec, context: PipelineContext): SpecialHandlers {
  return {
    codec,
    async create(object, { user }) {
      const metadata = { creationTimestamp: timestamp(context.clock) };
      return spokenAnswer({ ...object, metadata, status: { userInfo: userStatus(user) } } as KubeObject);
    },
  };
}

interface ResourceAttributes {
  namespace?: string;
  verb?: string;
  group?: string;
  version?: string;
  resource?: string;
  subresource?: string;
  name?: string;
}

interface AccessReview extends KubeObject {
  spec: {
    resourceAttributes?: ResourceAttributes;
    nonResourceAttributes?: { path?: string; verb?: string };
    user?: string;
    groups?: string[];
    uid?: string;
    extra?: Record<string, string[]>;
  };
}

function attributesOf({ spec }: AccessReview, user: UserInfo): AuthorizationAttributes {
  const { resourceAttributes: resource, nonResourceAttributes } = spec;
  if (!resource) {
    return { user, verb: nonResourceAttributes?.verb ?? "", path: nonResourceAttributes?.path ?? "" };
  }
  const { group = "", version = "", subresource = "", namespace = "", name = "" } = resource;
  return {
    user,
    verb: resource.verb ?? "",
    path: "",
    resource: { group, version, resource: resource.resource ?? "", subresource, namespace, name },
  };
}

async function decide(authorizer: Authorizer, object: AccessReview, user: UserInfo) {
  const { allowed, denied, reason } = await authorizer.authorize(attributesOf(object, user));
  const status = { allowed, ...(denied ? { denied } : {}), ...(reason ? { reason } : {}) };
  return spokenAnswer({ ...object, status } as KubeObject);
}

/** Whether somebody else may; checkNamespace: LocalSubjectAccessReview, which stays within its namespace. */
export function subjectAccessReviews(
  codec: VersionCodec,
  authorizer: Authorizer,
  local: boolean,
): SpecialHandlers {
  return {
    codec,
    async create(object, { namespace }) {
      const review = object as AccessReview;
      if (local && (review.spec.resourceAttributes?.namespace ?? "") !== namespace) {
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
      }
      const { user: name = "", groups = [], uid, extra } = review.spec;
      const user: UserInfo = { name, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
      return decide(authorizer, review, user);
    },
  };
}

/** Whether the one who asks may. */
export function selfSubjectAccessReviews(codec: VersionCodec, authorizer: Authorizer): SpecialHandlers {
  return {
    codec,
    create: (object, { user }) => decide(authorizer, object as AccessReview, user),
  };
}

interface RulesReview extends KubeObject {
  spec: { namespace?: string };
}

/** What the one who asks may do in a namespace, as the authorizer can list it. */
export function selfSubjectRulesReviews(codec: VersionCodec, authorizer: Authorizer): SpecialHandlers {
  return {
    codec,
    async create(object, { user }) {
      const { spec } = object as RulesReview;
      if (!spec?.namespace) throw badRequest("no namespace on request");
      if (!user.name) throw forbidden(undefined, "", "no user present on request");
      const { resourceRules, nonResourceRules, incomplete, evaluationError } = authorizer.rulesFor(
        user,
        spec.namespace,
      );
      const status = {
        resourceRules,
        nonResourceRules,
        incomplete,
        ...(evaluationError ? { evaluationError } : {}),
      };
      return spokenAnswer({ ...object, status } as unknown as KubeObject);
    },
  };
}
