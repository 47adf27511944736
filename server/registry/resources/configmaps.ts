import { validateConfigMap, validateConfigMapUpdate } from "../../../api/validation/core/config-map.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/core/configmap. */
export const configMaps = defineResource({
  group: "",
  resource: "configmaps",
  strategy: { validate: validateConfigMap, validateUpdate: validateConfigMapUpdate },
});
