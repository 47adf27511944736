/**
 * Nodes of field sets that are made once. Most objects of a type set the same fields: then their node is found by
 * following its elements through a tree, where it would be put together, sorted and checked each time. Equal sets are
 * mostly one object, which is what memos about sets live on; nothing may rely on it.
 */
import { type FieldSet, type FieldSetBuilder, leaf } from "./field-set.ts";
import { compareElements, isCanonicalElement } from "./path-element.ts";

/** Longer nodes would not be the usual ones. */
const maxKnownLength = 64;
/** So many are remembered until all are forgotten: a few megabytes. */
const maxKnown = 16_384;

/** Some elements of a node, with what is below them, in the order in which they were found. Never changed. */
export class NodeElements {
  readonly #before: NodeElements | undefined;
  readonly #element: string;
  readonly #child: FieldSet;
  readonly #length: number;
  readonly #isKnown: boolean;
  /** Each element is in canonical form and comes after the one before. */
  readonly isCanonical: boolean;
  #leaves: Map<string, NodeElements> | undefined;
  #inner: Map<string, Map<FieldSet, NodeElements>> | undefined;
  /** What came next last time: mostly the same comes again. */
  #next: NodeElements | undefined;
  #node: FieldSet | undefined;

  private constructor(before?: NodeElements, element = "", child = leaf, isKnown = true) {
    this.#before = before;
    this.#element = element;
    this.#child = child;
    this.#length = before === undefined ? 0 : before.#length + 1;
    this.#isKnown = isKnown;
    this.isCanonical = before === undefined || before.#isCanonicalWith(element);
  }

  /** Pure memoisation: the start of everything that is remembered, how much that is, and the nodes made of it. */
  static #none = new NodeElements();
  static #count = 0;
  static readonly #shared = new WeakSet<object>();

  /** self: the value itself is in the set. */
  static of(self: boolean): NodeElements {
    return self ? NodeElements.#none.and(".", leaf) : NodeElements.#none;
  }

  /** Whether it is the one object that there mostly is for a node. */
  static isShared(node: object): node is FieldSet {
    return NodeElements.#shared.has(node);
  }

  /** What comes twice is a leaf: duplicates in a list are owned as a whole. */
  and(element: string, child: FieldSet): NodeElements {
    const next = this.#next;
    if (next !== undefined && next.#child === child && next.#element === element) return next;
    const known = child === leaf ? this.#leaves?.get(element) : this.#inner?.get(element)?.get(child);
    if (known === undefined) return this.#extended(element, child);
    this.#next = known;
    return known;
  }

  /** undefined: nothing is in the set. A node of what is remembered is frozen. */
  get node(): FieldSet | undefined {
    this.#node ??= this.#made();
    return this.#node;
  }

  /** Only that the value itself is in the set. */
  get isSelfOnly(): boolean {
    return this.#length === 1 && this.#element === ".";
  }

  #isCanonicalWith(element: string): boolean {
    if (!this.isCanonical || !isCanonicalElement(element)) return false;
    return this.#length === 0 || compareElements(this.#element, element) < 0;
  }

  #extended(element: string, child: FieldSet): NodeElements {
    const isKnown =
      this.#isKnown && this.#length < maxKnownLength && (child === leaf || NodeElements.isShared(child));
    const longer = new NodeElements(this, element, child, isKnown);
    if (isKnown) this.#remember(longer);
    return longer;
  }

  #remember(longer: NodeElements): void {
    // Mostly there is but one.
    if (this.#next !== undefined) {
      if (this.#leaves === undefined && this.#inner === undefined) this.#enter(this.#next);
      this.#enter(longer);
    }
    this.#next = longer;
    NodeElements.#count++;
    if (NodeElements.#count < maxKnown) return;
    NodeElements.#none = new NodeElements();
    NodeElements.#count = 0;
  }

  #enter(longer: NodeElements): void {
    const element = longer.#element;
    const child = longer.#child;
    if (child === leaf) {
      this.#leaves ??= new Map();
      this.#leaves.set(element, longer);
      return;
    }
    this.#inner ??= new Map();
    const byChild = this.#inner.get(element);
    if (byChild === undefined) this.#inner.set(element, new Map([[child, longer]]));
    else byChild.set(child, longer);
  }

  #made(): FieldSet | undefined {
    if (this.#length === 0) return undefined;
    if (this.isSelfOnly) return leaf;
    const parts = this.#parts();
    if (!this.isCanonical) {
      const sorted = [...parts].sort(([a], [b]) => compareElements(a, b));
      const inOrder = sorted.reduce(
        (elements, [element, child]) => elements.and(element, child),
        NodeElements.#none,
      );
      if (inOrder.isCanonical) return inOrder.node;
      return Object.fromEntries(sorted);
    }
    const node: FieldSetBuilder = Object.fromEntries(parts);
    if (this.#isKnown) NodeElements.#shared.add(Object.freeze(node));
    return node;
  }

  #parts(): Map<string, FieldSet> {
    const longest: NodeElements[] = [];
    for (let at: NodeElements = this; at.#before !== undefined; at = at.#before) longest.push(at);
    const parts = new Map<string, FieldSet>();
    for (const at of longest.reverse()) parts.set(at.#element, parts.has(at.#element) ? leaf : at.#child);
    return parts;
  }
}
