import type { ObjectOf } from "../object-of.ts";
import { Quantity } from "../quantity.ts";
import { objectCountName, one, type QuotaEvaluator } from "./evaluator.ts";

type Service = ObjectOf<"io.k8s.api.core.v1.Service">;

const count = objectCountName({ group: "", resource: "services" });
const measured: readonly string[] = [count, "services", "services.nodeports", "services.loadbalancers"];

/** Node ports count by what is wanted: they may not have been given yet. Source: evaluator/core/services.go. */
export const serviceQuota: QuotaEvaluator<Service> = {
  updates: [""],
  measures: (name) => measured.includes(name),
  usage({ spec }) {
    const { type, ports = [], allocateLoadBalancerNodePorts } = spec ?? {};
    const isBalanced = type === "LoadBalancer";
    const wanted =
      isBalanced && allocateLoadBalancerNodePorts === false
        ? ports.filter(({ nodePort }) => nodePort)
        : ports;
    return new Map([
      [count, one],
      ["services", one],
      ["services.nodeports", Quantity.of(isBalanced || type === "NodePort" ? wanted.length : 0)],
      ["services.loadbalancers", Quantity.of(isBalanced ? 1 : 0)],
    ]);
  },
};
