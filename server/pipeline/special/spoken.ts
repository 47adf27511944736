import type { JsonValue, KubeObject } from "../../../api/object.ts";
import { normalizeStruct } from "../../../api/schema/decode.ts";
import { jsonForm } from "../../../api/schema/forms.ts";
import type { StructType } from "../../../api/schema/types.ts";
import type { SpokenAnswer } from "../answer.ts";

/** An answer with an object of a built-in type that no registry keeps. */
export function spokenAnswer(struct: StructType, object: object, code: number): SpokenAnswer {
  const json = jsonForm(struct, normalizeStruct(struct, object as JsonValue));
  return { kind: "spoken", code, object: json as unknown as KubeObject, struct };
}
