import { type FieldSet, type FieldSetBuilder, leaf, sorted } from "./field-set.ts";
import type { MapSchema, SchemaField } from "./schema.ts";

/** Puts together the node of a map. The declared fields come in any order; the node has them in canonical order. */
export class NodeBuilder {
  #mask: number;
  /** Declared fields that have something below them. */
  #fields: string[] | undefined;
  #nodes: FieldSet[] | undefined;
  /** What cannot go into the mask. */
  #others: FieldSetBuilder | undefined;

  /** self: the value itself is in the set. */
  constructor(self: boolean) {
    this.#mask = self ? 1 : 0;
  }

  add(field: SchemaField, node: FieldSet): void {
    if (field.bit === 0) {
      this.addElement(field.element, node);
      return;
    }
    this.#mask += field.bit;
    if (node === leaf) return;
    this.#fields ??= [];
    this.#nodes ??= [];
    this.#fields.push(field.element);
    this.#nodes.push(node);
  }

  addElement(element: string, node: FieldSet): void {
    this.#others ??= {};
    this.#others[element] = node;
  }

  /** undefined: nothing is in the set. */
  build(map: MapSchema): FieldSet | undefined {
    if (this.#mask <= 1) return this.#undeclared();
    const template = map.template(this.#mask)!;
    const fields = this.#fields;
    const others = this.#others;
    if (fields === undefined && others === undefined) return template;
    const node: FieldSetBuilder = { ...template };
    if (fields !== undefined) {
      for (let i = 0; i < fields.length; i++) node[fields[i]!] = this.#nodes![i]!;
    }
    if (others === undefined) return node;
    for (const element in others) node[element] = others[element]!;
    return sorted(node);
  }

  #undeclared(): FieldSet | undefined {
    if (this.#others === undefined) return this.#mask === 1 ? leaf : undefined;
    return sorted(this.#mask === 1 ? { ".": leaf, ...this.#others } : this.#others);
  }
}
