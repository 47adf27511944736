/** Defaults of apiregistration.k8s.io/v1. Source: k8s.io/kube-aggregator/pkg/apis/apiregistration/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

type ApiService = ObjectOf<"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService">;

function defaultApiService({ spec }: ApiService): void {
  if (spec.service) spec.service.port ??= 443;
}

export const apiregistrationDefaults: DefaultsTable = {
  "apiregistration.k8s.io/v1": { APIService: defaultApiService },
};
