/**
 * Whether the level that a FlowSchema names exists, as the condition of its status.
 * Source: k8s.io/apiserver/pkg/util/flowcontrol/apf_controller.go, presyncFlowSchemaStatus.
 */
import { goQuote } from "../../api/go-format.ts";
import type { Schemas } from "../../api/types.ts";

export type FlowSchema = Schemas["io.k8s.api.flowcontrol.v1.FlowSchema"];

export interface DanglingCondition {
  type: "Dangling";
  status: "True" | "False";
  reason: string;
  message: string;
}

interface KnownNames {
  has(name: string): boolean;
}

/** The condition that the schema lacks; undefined: its status says it already. */
export function missingDangling(
  { spec, status }: FlowSchema,
  levels: KnownNames,
): DanglingCondition | undefined {
  const wanted = danglingOf(spec?.priorityLevelConfiguration.name ?? "", levels);
  const present = status?.conditions?.find(({ type }) => type === wanted.type);
  const isSaid =
    present?.status === wanted.status &&
    present.reason === wanted.reason &&
    present.message === wanted.message;
  return isSaid ? undefined : wanted;
}

function danglingOf(level: string, levels: KnownNames): DanglingCondition {
  const reference = `This FlowSchema references the PriorityLevelConfiguration object named ${goQuote(level)}`;
  return levels.has(level)
    ? { type: "Dangling", status: "False", reason: "Found", message: `${reference} and it exists` }
    : {
        type: "Dangling",
        status: "True",
        reason: "NotFound",
        message: `${reference} but there is no such object`,
      };
}
