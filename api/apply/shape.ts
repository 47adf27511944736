/** Which of a type's shapes a value has. Source: deduceAtom and handleAtom of structured-merge-diff/v6/typed. */
import type { JsonObject, JsonValue } from "../object.ts";
import { isObject } from "../patch/go-value.ts";
import type { Schema } from "./schema.ts";

export type Shape = "map" | "scalar" | "list";

/** The shape in which a value is handled; one that the type does not allow, and null, take the type's first. */
export function shapeOf(value: JsonValue, schema: Schema): Shape {
  return exactShape(value, schema) ?? firstShape(schema);
}

/** The shape if the value itself has one that the type allows. */
export function exactShape(value: JsonValue, schema: Schema): Shape | undefined {
  if (typeof value !== "object") return schema.scalar === undefined ? undefined : "scalar";
  if (value === null) return undefined;
  if (Array.isArray(value)) return schema.list === undefined ? undefined : "list";
  return schema.map === undefined ? undefined : "map";
}

function firstShape(schema: Schema): Shape {
  if (schema.map !== undefined) return "map";
  return schema.scalar !== undefined ? "scalar" : "list";
}

/** Whether two values of one type are of one shape; null is no shape where there are several. */
export function sameShape(a: JsonValue, b: JsonValue, schema: Schema): boolean {
  const single =
    Number(schema.map !== undefined) +
      Number(schema.scalar !== undefined) +
      Number(schema.list !== undefined) <
    2;
  return single || exactShape(a, schema) === exactShape(b, schema);
}

const noMembers: JsonObject = Object.freeze({});
const noItems: JsonValue[] = [];
Object.freeze(noItems);

/** Everything that is no map counts as an empty one. */
export const membersOf = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : noMembers);
export const itemsOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? value : noItems;

export function isEmptyMap(members: JsonObject): boolean {
  for (const _ in members) return false;
  return true;
}

/** A member, and not what every object inherits. */
export function ownMember(members: JsonObject, name: string): JsonValue | undefined {
  const value = members[name];
  // JSON holds no functions, and __proto__ is the only other thing that is inherited: no need to ask each time.
  if (typeof value !== "function" && name !== "__proto__") return value;
  return Object.hasOwn(members, name) ? value : undefined;
}
