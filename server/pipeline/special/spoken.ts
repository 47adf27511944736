import type { KubeObject } from "../../../api/object.ts";
import type { StructType } from "../../../api/schema/types.ts";
import type { SpokenAnswer } from "../answer.ts";

/** An answer with an object that no registry keeps; struct lets it be written as protobuf. */
export function spokenAnswer(object: KubeObject, code = 201, struct?: StructType): SpokenAnswer {
  return { kind: "spoken", code, object, struct };
}
