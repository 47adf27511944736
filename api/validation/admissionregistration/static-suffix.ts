import { type FieldError, invalid } from "../field.ts";

const suffix = ".static.k8s.io";
const message = `names ending with "${suffix}" are reserved for static manifest-based configurations and cannot be managed via the API`;

/** Source: WarningsForStaticSuffix of pkg/apis/admissionregistration/validation. */
export const staticSuffixWarnings = ({ metadata }: { metadata: { name?: string } }): string[] =>
  metadata.name?.endsWith(suffix) ? [`metadata.name: ${message}`] : [];

/** ValidateStaticSuffix: where such configurations are in use, the names are refused. */
export const validateStaticSuffix = ({ metadata }: { metadata: { name?: string } }): FieldError[] =>
  metadata.name?.endsWith(suffix) ? [invalid("metadata.name", metadata.name, message)] : [];
