/** Source: k8s.io/apiserver/pkg/apis/apiserver. */
import type { ConfigurationKind, StructShape } from "./decode-configuration.ts";

const prefixedClaim: StructShape = {
  goName: "PrefixedClaimOrExpression",
  fields: { claim: "string", prefix: "string", expression: "string" },
};

const claimMappings: StructShape = {
  goName: "ClaimMappings",
  fields: {
    username: prefixedClaim,
    groups: prefixedClaim,
    uid: { goName: "ClaimOrExpression", fields: { claim: "string", expression: "string" } },
    extra: [{ goName: "ExtraMapping", fields: { key: "string", valueExpression: "string" } }],
  },
};

const issuer: StructShape = {
  goName: "Issuer",
  fields: {
    url: "string",
    discoveryURL: "string",
    certificateAuthority: "string",
    audiences: ["string"],
    audienceMatchPolicy: { enum: "AudienceMatchPolicyType" },
    egressSelectorType: { enum: "EgressSelectorType" },
  },
};

const claimValidationRule: StructShape = {
  goName: "ClaimValidationRule",
  fields: { claim: "string", requiredValue: "string", expression: "string", message: "string" },
};

const userValidationRule: StructShape = {
  goName: "UserValidationRule",
  fields: { expression: "string", message: "string" },
};

export const authenticationConfigurationKind: ConfigurationKind = {
  kind: "AuthenticationConfiguration",
  versions: ["v1", "v1beta1", "v1alpha1"],
  fields: {
    jwt: [
      {
        goName: "JWTAuthenticator",
        fields: {
          issuer,
          claimValidationRules: [claimValidationRule],
          claimMappings,
          userValidationRules: [userValidationRule],
        },
      },
    ],
    anonymous: {
      goName: "AnonymousAuthConfig",
      fields: {
        enabled: "boolean",
        conditions: [{ goName: "AnonymousAuthCondition", fields: { path: "string" } }],
      },
    },
  },
};

const webhookConfiguration: StructShape = {
  goName: "WebhookConfiguration",
  fields: {
    authorizedTTL: "duration",
    cacheAuthorizedRequests: "boolean",
    unauthorizedTTL: "duration",
    cacheUnauthorizedRequests: "boolean",
    timeout: "duration",
    subjectAccessReviewVersion: "string",
    matchConditionSubjectAccessReviewVersion: "string",
    failurePolicy: "string",
    connectionInfo: {
      goName: "WebhookConnectionInfo",
      fields: { type: "string", kubeConfigFile: "string" },
    },
    matchConditions: [{ goName: "WebhookMatchCondition", fields: { expression: "string" } }],
  },
};

export const authorizationConfigurationKind: ConfigurationKind = {
  kind: "AuthorizationConfiguration",
  versions: ["v1", "v1beta1", "v1alpha1"],
  fields: {
    authorizers: [
      {
        goName: "AuthorizerConfiguration",
        fields: { type: "string", name: "string", webhook: webhookConfiguration },
      },
    ],
  },
};

export const configurationKinds = [authenticationConfigurationKind, authorizationConfigurationKind];
