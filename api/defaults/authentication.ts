/** Defaults of authentication.k8s.io/v1. Source: pkg/apis/authentication/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

function defaultTokenRequest({ spec }: ObjectOf<"io.k8s.api.authentication.v1.TokenRequest">): void {
  spec.expirationSeconds ??= 3600;
}

export const authenticationDefaults: DefaultsTable = {
  "authentication.k8s.io/v1": { TokenRequest: defaultTokenRequest },
};
