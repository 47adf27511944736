/** Sources: pkg/registry/authorization. */
import type { KubeObject } from "../../../api/object.ts";
import { badRequest, invalid } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import {
  validateLocalSubjectAccessReview,
  validateSelfSubjectAccessReview,
  validateSubjectAccessReview,
} from "../../../api/validation/authorization/access-review.ts";
import type { FieldError } from "../../../api/validation/field.ts";
import type { AuthorizationAttributes, Authorizer } from "../../auth/authorizer.ts";
import type { UserInfo } from "../../auth/user.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import type { SpokenAnswer } from "../answer.ts";
import type { WriteCall } from "../call.ts";
import type { SpecialEndpoint, SpecialHandlers } from "../endpoint.ts";
import { reviewSelectors } from "./review-selectors.ts";
import { spokenAnswer } from "./spoken.ts";

/** Of all kinds of reviews; a self review has no subject. */
interface AccessReview extends KubeObject {
  spec: Schemas["io.k8s.api.authorization.v1.SubjectAccessReviewSpec"];
}

/** What is asked, and what of it could not be understood. */
function questionOf(
  { spec }: AccessReview,
  user: UserInfo,
): { attributes: AuthorizationAttributes; problems: readonly string[] } {
  const { resourceAttributes: resource, nonResourceAttributes } = spec;
  if (!resource) {
    const { verb = "", path = "" } = nonResourceAttributes ?? {};
    return { attributes: { user, verb, path }, problems: [] };
  }
  const { group = "", version = "*", subresource = "", namespace = "", name = "", verb = "" } = resource;
  const { problems, ...selectors } = reviewSelectors(resource);
  const asked = { group, version, resource: resource.resource ?? "", subresource, namespace, name };
  return { attributes: { user, verb, path: "", resource: { ...asked, ...selectors } }, problems };
}

/** Source: AuthorizationAttributesFrom. */
function subjectOf({ spec }: AccessReview): UserInfo {
  const { user: name = "", groups = [], uid, extra } = spec;
  return { name, groups, ...(uid ? { uid } : {}), ...(extra ? { extra } : {}) };
}

/** Asks the authorizer; what it could not evaluate stands in the status. */
class Reviewer {
  readonly #codec: VersionCodec;
  readonly #authorizer: Authorizer;

  constructor(codec: VersionCodec, authorizer: Authorizer) {
    this.#codec = codec;
    this.#authorizer = authorizer;
  }

  async review(
    object: AccessReview,
    user: UserInfo,
    call: WriteCall<SpecialEndpoint>,
  ): Promise<SpokenAnswer> {
    await call.validate("CREATE", object, undefined);
    const { attributes, problems } = questionOf(object, user);
    const { allowed, denied, reason, error } = await this.#authorizer.authorize(attributes);
    const evaluationError = [...(error === undefined ? [] : [error]), ...problems].join("; ");
    const status = { allowed, denied: denied ?? false, reason: reason ?? "", evaluationError };
    return spokenAnswer(this.#codec.info.struct!, { ...object, status }, 201);
  }
}

function refuseInvalid(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "authorization.k8s.io", kind: "" }, "", errors);
}

/** Whether somebody else may. */
export function subjectAccessReviews(codec: VersionCodec, authorizer: Authorizer): SpecialHandlers {
  const reviewer = new Reviewer(codec, authorizer);
  return {
    codec,
    async create(object, call) {
      const review = object as AccessReview;
      refuseInvalid(validateSubjectAccessReview(review));
      return reviewer.review(review, subjectOf(review), call);
    },
  };
}

/** Whether somebody else may, within the namespace. */
export function localSubjectAccessReviews(codec: VersionCodec, authorizer: Authorizer): SpecialHandlers {
  const reviewer = new Reviewer(codec, authorizer);
  return {
    codec,
    async create(object, call) {
      const review = object as AccessReview;
      refuseInvalid(validateLocalSubjectAccessReview(review));
      const { namespace } = call.request;
      if (namespace === "") throw badRequest("namespace is required on this type: ");
      return reviewer.review(review, subjectOf(review), call);
    },
  };
}

/** Whether the one who asks may. */
export function selfSubjectAccessReviews(codec: VersionCodec, authorizer: Authorizer): SpecialHandlers {
  const reviewer = new Reviewer(codec, authorizer);
  return {
    codec,
    async create(object, call) {
      const review = object as AccessReview;
      refuseInvalid(validateSelfSubjectAccessReview(review));
      return reviewer.review(review, call.request.user, call);
    },
  };
}

interface RulesReview extends KubeObject {
  spec: { namespace?: string };
}

/** What the one who asks may do in a namespace, as the authorizer can list it. */
export function selfSubjectRulesReviews(codec: VersionCodec, authorizer: Authorizer): SpecialHandlers {
  const { kind } = codec.info;
  return {
    codec,
    async create(object, call) {
      const { namespace } = (object as RulesReview).spec;
      if (!namespace) throw badRequest("no namespace on request");
      await call.validate("CREATE", object, undefined);
      const status = authorizer.rulesFor(call.request.user, namespace);
      // The answer is an object of its own, without what was asked.
      return spokenAnswer(codec.info.struct!, { kind, apiVersion: codec.apiVersion, status }, 201);
    },
  };
}
