import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateControllerRevision,
  validateControllerRevisionUpdate,
} from "../../../api/validation/apps/controller-revision.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/apps/controllerrevision. */
export const controllerRevisions = defineResource<ObjectOf<"io.k8s.api.apps.v1.ControllerRevision">>({
  group: "apps",
  resource: "controllerrevisions",
  strategy: { validate: validateControllerRevision, validateUpdate: validateControllerRevisionUpdate },
});
