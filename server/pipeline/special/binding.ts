import type { Binding, Pod } from "../../../api/core-types.ts";
import type { KubeObject } from "../../../api/object.ts";
import { badRequest } from "../../../api/status.ts";
import type { ResourceRegistry } from "../../registry/registry.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import { assignPod, bindingPreconditions, checkBinding } from "../../registry/resources/pod-binding.ts";
import { successStatus } from "../answer.ts";
import { type PipelineContext, specialWrite } from "../call.ts";
import type { SpecialHandlers } from "../endpoint.ts";

/** POST of a Binding, to a pod's subresource or (legacy) to the collection of bindings. */
export function bindings(
  codec: VersionCodec,
  pods: () => ResourceRegistry,
  context: PipelineContext,
): SpecialHandlers {
  return {
    codec,
    preservesMetadata: true,
    async create(object, call) {
      const { request, dryRun } = call;
      const binding = object as unknown as Binding & KubeObject;
      const name = request.name || (object.metadata.name ?? "");
      if (request.namespace === "") throw badRequest("Namespace parameter required.");
      checkBinding(name, binding);
      await call.validate("CREATE", object, undefined);
      const { clock, gates } = context;
      await pods().store.update(name, {
        ...specialWrite(context, request, dryRun),
        strategy: {},
        forceCreate: false,
        preconditions: bindingPreconditions(binding),
        updated: async (live) => {
          const pod = structuredClone(live) as unknown as Pod;
          assignPod(pod, binding, { gates, clock });
          return pod as unknown as KubeObject;
        },
      });
      return successStatus(201, undefined);
    },
  };
}
