import type { FieldSelector } from "../../api/field-selectors.ts";
import type { KubeObject } from "../../api/object.ts";
import type { LabelSelector } from "../../api/selectors.ts";
import type { Entry } from "../storage/contract.ts";
import type { ResourceType } from "./resource-type.ts";

/** What selectors look at, so that an object need not stay decoded to be matched again. */
interface Attributes {
  labels: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, string>>;
}

const noLabels = Object.freeze({});

/** Label and field selectors of one list or watch. Source: storage.SelectionPredicate. */
export class Selection {
  readonly labels: LabelSelector;
  readonly fields: FieldSelector;

  constructor(labels: LabelSelector, fields: FieldSelector) {
    this.labels = labels;
    this.fields = fields;
  }

  get everything(): boolean {
    return this.labels.empty && this.fields.empty;
  }

  matches({ labels, fields }: Attributes): boolean {
    return this.labels.matches(labels) && this.fields.matches((field) => fields[field]);
  }
}

/** Attributes of entries, made once for each entry that a selector has looked at. */
export class AttributeIndex {
  readonly #type: ResourceType;
  readonly #decode: (entry: Entry) => KubeObject;
  /** Goes with its entry: storage lets go of entries that are neither current nor in the history. */
  readonly #known = new WeakMap<Entry, Attributes>();

  constructor(type: ResourceType, decode: (entry: Entry) => KubeObject) {
    this.#type = type;
    this.#decode = decode;
  }

  matches(entry: Entry, selection: Selection): boolean {
    return selection.everything || selection.matches(this.#of(entry));
  }

  #of(entry: Entry): Attributes {
    let attributes = this.#known.get(entry);
    if (!attributes) {
      attributes = this.#make(this.#decode(entry));
      this.#known.set(entry, attributes);
    }
    return attributes;
  }

  #make(object: KubeObject): Attributes {
    const { metadata } = object;
    const fields: Record<string, string> = { "metadata.name": metadata.name ?? "" };
    if (this.#type.namespaced) fields["metadata.namespace"] = metadata.namespace ?? "";
    for (const [field, read] of Object.entries(this.#type.definition.selectableFields ?? {})) {
      fields[field] = read(object);
    }
    return { labels: metadata.labels ?? noLabels, fields };
  }
}
