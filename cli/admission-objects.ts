import type { AdmissionObjects } from "../server/admission/objects.ts";
import type { Registry, ResourceRegistry } from "../server/registry/registry.ts";

/** What admission plug-ins read: straight from storage, past the pipeline that they are part of. */
export function admissionObjects(registry: Registry): AdmissionObjects {
  return {
    async get({ group, resource }, namespace, name) {
      const found = registry.get(group, resource);
      const entry = await found?.storage.get(prefixOf(found, namespace) + name);
      return entry && found?.store.objectOf(entry);
    },
    async list({ group, resource }, namespace) {
      const found = registry.get(group, resource);
      if (!found) return [];
      const { entries } = await found.storage.list(prefixOf(found, namespace));
      return entries.map((entry) => found.store.objectOf(entry));
    },
  };
}

/** A name that cannot be one just is not there. */
const prefixOf = ({ type }: ResourceRegistry, namespace: string): string =>
  namespace === "" ? type.keyPrefix : `${type.keyPrefix}${namespace}/`;
