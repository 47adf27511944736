/** Defaults of flowcontrol.apiserver.k8s.io/v1. Source: pkg/apis/flowcontrol/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

function defaultFlowSchema({ spec }: ObjectOf<"io.k8s.api.flowcontrol.v1.FlowSchema">): void {
  spec.matchingPrecedence ||= 1000;
}

function defaultPriorityLevel({
  spec,
}: ObjectOf<"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration">): void {
  const { exempt, limited } = spec;
  if (limited) {
    limited.nominalConcurrencyShares ??= 30;
    limited.lendablePercent ??= 0;
    const { queuing } = limited.limitResponse;
    if (queuing) {
      queuing.handSize ||= 8;
      queuing.queues ||= 64;
      queuing.queueLengthLimit ||= 50;
    }
  }
  if (exempt) {
    exempt.nominalConcurrencyShares ??= 0;
    exempt.lendablePercent ??= 0;
  }
}

export const flowcontrolDefaults: DefaultsTable = {
  "flowcontrol.apiserver.k8s.io/v1": {
    FlowSchema: defaultFlowSchema,
    PriorityLevelConfiguration: defaultPriorityLevel,
  },
};
