/** Source: pkg/apis/storage/validation/validation.go. */
import { type GoStruct, goInline, goNullable, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { validateCsiDriverName } from "../core/csi-driver-name.ts";
import { validateInlineVolumeSpec } from "../core/persistent-volume.ts";
import { goPersistentVolumeSpec } from "../core/persistent-volume-layout.ts";
import { type FieldError, FieldPath, forbidden, invalid, required, tooLong } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { byteLength, inclusiveRangeError, isLongerThan, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta } from "../object-meta.ts";
import { immutableError } from "../values.ts";

type Attachment = ObjectOf<"io.k8s.api.storage.v1.VolumeAttachment">;

const sourcePath = FieldPath.of("spec", "source");
const statusPath = FieldPath.of("status");
const maxMetadataSize = 256 * 1024;
const maxMessageSize = 1024;
const maxInt32 = 2 ** 31 - 1;

/** ValidateVolumeAttachment. */
export function validateVolumeAttachment(attachment: Attachment): FieldError[] {
  const { metadata, spec, status } = attachment;
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  errors.push(...validateCsiDriverName(spec?.attacher, FieldPath.of("spec", "attacher")));
  errors.push(...validateSource(attachment));
  const nodeName = spec?.nodeName ?? "";
  errors.push(
    ...invalidText(FieldPath.of("spec", "nodeName"), nodeName, nameIsDnsSubdomain(nodeName, false)),
  );
  const entries = Object.entries(status?.attachmentMetadata ?? {});
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  if (size > maxMetadataSize) errors.push(tooLong(statusPath.child("attachmentMetadata"), maxMetadataSize));
  for (const field of ["attachError", "detachError"] as const) {
    errors.push(...validateVolumeError(status?.[field], statusPath.child(field)));
  }
  const volume = spec?.source?.persistentVolumeName;
  if (volume !== undefined) {
    const problems = nameIsDnsSubdomain(volume, false);
    errors.push(...invalidText(FieldPath.of("spec.source.persistentVolumeName"), volume, problems));
  }
  return errors;
}

function validateSource({ spec }: Attachment): FieldError[] {
  const { persistentVolumeName: name, inlineVolumeSpec: inline } = spec?.source ?? {};
  const exactlyOne = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (inline && name !== undefined) return [forbidden(sourcePath, exactlyOne)];
  if (inline) return validateInlineVolumeSpec(inline, sourcePath.child("inlineVolumeSpec"));
  if (name === undefined) return [required(sourcePath, exactlyOne)];
  if (name !== "") return [];
  return [required(sourcePath.child("persistentVolumeName"), "must specify non empty persistentVolumeName")];
}

function validateVolumeError(
  error: { message?: string; errorCode?: number } | undefined,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (isLongerThan(error?.message ?? "", maxMessageSize)) {
    // Upstream names the other limit.
    errors.push(tooLong(path.child("message"), maxMetadataSize));
  }
  const code = error?.errorCode ?? 0;
  if (code < 0) errors.push(invalid(path.child("errorCode"), code, inclusiveRangeError(0, maxInt32)));
  return errors;
}

const goSource: GoStruct = {
  PersistentVolumeName: goNullable("persistentVolumeName"),
  InlineVolumeSpec: goPointer("inlineVolumeSpec", goPersistentVolumeSpec),
};
const goSpec: GoStruct = {
  Attacher: goString("attacher"),
  Source: goInline("source", goSource),
  NodeName: goString("nodeName"),
};

/** ValidateVolumeAttachmentUpdate. */
export function validateVolumeAttachmentUpdate(attachment: Attachment, old: Attachment): FieldError[] {
  const errors = validateVolumeAttachment(attachment);
  if (semanticEqual(attachment.spec, old.spec)) return errors;
  return [...errors, invalid(FieldPath.of("spec"), goValue(goSpec, attachment.spec ?? {}), immutableError)];
}
