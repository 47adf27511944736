/** Source: pkg/apis/core/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import type { FieldError } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";

type ServiceAccount = ObjectOf<"io.k8s.api.core.v1.ServiceAccount">;

/** ValidateServiceAccount. */
export const validateServiceAccount = ({ metadata }: ServiceAccount): FieldError[] =>
  validateObjectMeta(metadata, true, nameIsDnsSubdomain);

/** ValidateServiceAccountUpdate. */
export const validateServiceAccountUpdate = (account: ServiceAccount, old: ServiceAccount): FieldError[] => [
  ...validateObjectMetaUpdate(account.metadata, old.metadata),
  ...validateServiceAccount(account),
];
