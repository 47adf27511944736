import type { ObjectOf } from "../object-of.ts";
import { text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type ApiService = ObjectOf<"io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService">;

/** Source: k8s.io/kube-aggregator/pkg/registry/apiservice/etcd/etcd.go. */
const apiService = defineTable<ApiService>({
  columns: [
    nameColumn,
    text("Service", "The reference to the service that hosts this API endpoint."),
    text("Available", "Whether this service is available."),
    ageColumn,
  ],
  row(object, { now }) {
    const { metadata, spec } = object;
    const { service } = spec;
    return [
      metadata.name ?? "",
      service ? `${service.namespace ?? ""}/${service.name ?? ""}` : "Local",
      availability(object),
      age(metadata.creationTimestamp, now),
    ];
  },
});

function availability({ status: { conditions = [] } }: ApiService): string {
  const condition = conditions.find(({ type }) => type === "Available");
  if (!condition) return "Unknown";
  const { status, reason } = condition;
  return status === "True" || !reason ? status : `${status} (${reason})`;
}

export const apiregistrationTables: TablesByKind = { APIService: apiService };
