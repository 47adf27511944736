/**
 * The generated tables as the interfaces of types.ts. They are JSON modules, because these are found both from the
 * sources (by the runtime) and in a bundle (esbuild takes them in), where a URL beside the module leads nowhere.
 * A struct is taken apart when its fields are first read: a server that has just started has read few.
 */
import resourceRows from "../../openapi/generated/resources.json" with { type: "json" };
import typeTable from "../../openapi/generated/types.json" with { type: "json" };
import { unpackStruct } from "./packed-struct.ts";
import type { Field, ResourceInfo, StructType, SubresourceInfo } from "./types.ts";

/** What the API's types and resources are: built-in ones of every group version, enabled or not. */
export interface Tables {
  /** By definition name, e.g. "io.k8s.api.core.v1.Pod". */
  struct(name: string): StructType | undefined;
  /** The struct of a kind, also of lists and of meta/v1's own kinds in group "" (Status). */
  kind(group: string, version: string, kind: string): StructType | undefined;
  /** Ordered by group, version and plural name. */
  resources: readonly ResourceInfo[];
  /** By plural name. */
  resource(group: string, version: string, resource: string): ResourceInfo | undefined;
}

/** The tables are the same each time, and nobody can change them. */
export function loadTables(): Tables {
  return tables;
}

class LazyStruct implements StructType {
  readonly name: string;
  readonly #packed: string;
  readonly #structs: readonly StructType[];
  #unpacked: Omit<StructType, "name"> | undefined;

  constructor(name: string, packed: string, structs: readonly StructType[]) {
    this.name = name;
    this.#packed = packed;
    this.#structs = structs;
  }

  get goName(): string {
    return this.#unpack().goName;
  }

  get fields(): ReadonlyMap<string, Field> {
    return this.#unpack().fields;
  }

  get mapType(): StructType["mapType"] {
    return this.#unpack().mapType;
  }

  #unpack(): Omit<StructType, "name"> {
    this.#unpacked ??= unpackStruct(this.#packed, this.#structs);
    return this.#unpacked;
  }
}

/** A line of resources.json, as resource-tables.ts in openapi/ writes it. */
interface ResourceRow {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  storageVersion: string;
  storageVersionHash: string;
  subresources?: Record<string, Omit<SubresourceInfo, "name"> | undefined>;
}

function makeTables(): Tables {
  const structs: StructType[] = [];
  const structByName = new Map<string, StructType>();
  for (const [name, packed] of Object.entries(typeTable.structs)) {
    const struct = new LazyStruct(name, packed, structs);
    structs.push(struct);
    structByName.set(name, struct);
  }
  const kinds = new Map(Object.entries(typeTable.kinds).map(([kind, number]) => [kind, structs[number]]));
  const kind = (group: string, version: string, name: string) => kinds.get(`${group}/${version}/${name}`);
  const resources = (resourceRows as ResourceRow[]).map((row) =>
    resourceInfo(row, kind(row.group, row.version, row.kind)),
  );
  const resourceByName = new Map(
    resources.map((one) => [`${one.group}/${one.version}/${one.resource}`, one]),
  );
  return {
    struct: (name) => structByName.get(name),
    kind,
    resources,
    resource: (group, version, resource) => resourceByName.get(`${group}/${version}/${resource}`),
  };
}

const NONE: readonly string[] = [];

function resourceInfo(row: ResourceRow, struct: StructType | undefined): ResourceInfo {
  const { subresources = {}, shortNames = NONE, categories = NONE, ...rest } = row;
  return {
    ...rest,
    singular: row.kind.toLowerCase(),
    listKind: `${row.kind}List`,
    shortNames,
    categories,
    subresources: new Map(
      Object.entries(subresources).flatMap(([name, info]) => (info ? [[name, { name, ...info }]] : [])),
    ),
    ...(struct ? { struct } : {}),
  };
}

const tables = makeTables();
