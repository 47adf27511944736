/** Sources: pkg/registry/authentication. */
import { timestamp } from "../../../api/clock.ts";
import type { KubeObject } from "../../../api/object.ts";
import { badRequest } from "../../../api/status.ts";
import { type AuthenticationResult, type Authenticator, authenticate } from "../../auth/authenticator.ts";
import type { UserInfo } from "../../auth/user.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import type { PipelineContext } from "../call.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import { spokenAnswer } from "./spoken.ts";

function userStatus({ name: username, uid = "", groups, extra = {} }: UserInfo): object {
  return { username, uid, groups: [...groups], extra: { ...extra } };
}

interface TokenReview extends KubeObject {
  spec: { token?: string; audiences?: string[] };
}

/** Who a token stands for, and whether it is meant for the asked audiences. */
export function tokenReviews(codec: VersionCodec, authenticators: readonly Authenticator[]): SpecialHandlers {
  return {
    codec,
    async create(object, call) {
      const { token, audiences } = (object as TokenReview).spec;
      if (!token) throw badRequest("token is required for TokenReview in authentication");
      await call.validate("CREATE", object, undefined);
      const result = await authenticate(authenticators, {
        certificateRejected: false,
        bearerToken: token,
        ...(audiences?.length ? { audiences } : {}),
      });
      if (result && "user" in result) for (const one of result.warnings ?? []) call.request.warn(one);
      return spokenAnswer(codec.info.struct!, { ...object, status: tokenStatus(result) }, 201);
    },
  };
}

function tokenStatus(result: AuthenticationResult): object {
  if (!result) return {};
  if ("problem" in result) return { error: result.problem };
  const { user, audiences = [] } = result;
  return { authenticated: true, user: userStatus(user), audiences };
}

/** The one who asks. */
export function selfSubjectReviews(codec: VersionCodec, context: PipelineContext): SpecialHandlers {
  const { kind } = codec.info;
  return {
    codec,
    async create(object, call) {
      await call.validate("CREATE", object, undefined);
      const metadata = { creationTimestamp: timestamp(context.clock) };
      const status = { userInfo: userStatus(call.request.user) };
      const review = { kind, apiVersion: codec.apiVersion, metadata, status };
      return spokenAnswer(codec.info.struct!, review, 201);
    },
  };
}
