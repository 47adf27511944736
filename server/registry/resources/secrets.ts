import type { ObjectOf } from "../../../api/object-of.ts";
import { keyPairProblem } from "../../../api/tls-key-pair.ts";
import { validateSecret, validateSecretUpdate } from "../../../api/validation/core/secret.ts";
import { defineResource } from "../strategy.ts";

type Secret = ObjectOf<"io.k8s.api.core.v1.Secret">;

/** Source: pkg/registry/core/secret. */
export const secrets = defineResource<Secret>({
  group: "",
  resource: "secrets",
  strategy: {
    validate: validateSecret,
    warningsOnCreate: warnings,
    prepareForUpdate(secret, old) {
      secret.type ||= old.type;
    },
    validateUpdate: validateSecretUpdate,
    warningsOnUpdate: warnings,
  },
  selectableFields: { type: ({ type }) => type ?? "" },
});

function warnings({ type, data = {} }: Secret): string[] {
  if (type !== "kubernetes.io/tls") return [];
  const textOf = (key: string): string => Buffer.from(data[key] ?? "", "base64").toString("latin1");
  const problem = keyPairProblem(textOf("tls.crt"), textOf("tls.key"));
  return problem === undefined ? [] : [problem];
}
