/**
 * The protobuf message of a struct, from its table: which field has which number, and which inlined structs are
 * messages of their own. Source: the generated.proto files of k8s.io/api and apimachinery.
 */
import { type FieldPlan, planOf, type TypePlan, typeCodes } from "../schema/plan.ts";
import type { StructType } from "../schema/types.ts";

/** How a value starts on the wire. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

export interface FieldEntry {
  readonly kind: "field";
  readonly number: number;
  /** Number and wire type as they are written. */
  readonly tag: number;
  readonly field: FieldPlan;
}

/** An inlined struct: its fields are the outer object's in JSON. */
export interface GroupEntry {
  readonly kind: "group";
  readonly number: number;
  readonly tag: number;
  readonly layout: Layout;
}

export type Entry = FieldEntry | GroupEntry;

export interface Layout {
  readonly goName: string;
  /** By number, descending: messages are written from their end. */
  readonly descending: readonly Entry[];
  readonly byNumber: ReadonlyMap<number, Entry>;
}

/** Tables do not change; their layouts are made once. */
const layouts = new WeakMap<StructType, Layout>();

export function layoutOf(struct: StructType): Layout {
  let layout = layouts.get(struct);
  if (!layout) {
    layout = makeLayout(struct.goName, planOf(struct).fields, 0);
    layouts.set(struct, layout);
  }
  return layout;
}

/** @param depth how many inlined structs the fields are inside of already */
function makeLayout(goName: string, fields: readonly FieldPlan[], depth: number): Layout {
  const entries: Entry[] = [];
  const groups = new Map<string, FieldPlan[]>();
  for (const field of fields) {
    const inline = field.field.inline?.[depth];
    if (inline) {
      const key = `${inline.goName} ${inline.protoNumber ?? ""}`;
      groups.set(key, [...(groups.get(key) ?? []), field]);
    } else if (field.field.protoNumber !== undefined)
      entries.push(fieldEntry(field, field.field.protoNumber));
  }
  for (const [key, members] of groups) {
    const [name = "", number = ""] = key.split(" ");
    // TypeMeta has no number: it travels in the envelope.
    if (number !== "")
      entries.push({
        kind: "group",
        number: Number(number),
        tag: (Number(number) << 3) | wireTypes.bytes,
        layout: makeLayout(name, members, depth + 1),
      });
  }
  return {
    goName,
    descending: entries.sort((a, b) => b.number - a.number),
    byNumber: new Map(entries.map((entry) => [entry.number, entry])),
  };
}

function fieldEntry(field: FieldPlan, number: number): FieldEntry {
  const type = field.type.code === typeCodes.array ? (field.type.item as TypePlan) : field.type;
  const wireType = isWrapped(field.type) ? wireTypes.bytes : wireTypeOf(type);
  return { kind: "field", number, tag: (number << 3) | wireType, field };
}

export function wireTypeOf(type: TypePlan): number {
  switch (type.code) {
    case typeCodes.int32:
    case typeCodes.int64:
    case typeCodes.boolean:
      return wireTypes.varint;
    case typeCodes.float64:
      return wireTypes.fixed64;
    default:
      return wireTypes.bytes;
  }
}

/** Named lists that protobuf holds as a message with the field items: ExtraValue, Verbs. */
export function isWrapped(type: TypePlan): boolean {
  return type.code === typeCodes.array && /\.(?:ExtraValue|Verbs)$/.test(type.goType);
}
