/** Lists, sets and maps of bounded size. Source: pkg/apis/resource/validation/validation.go (validateSet and others). */
import { duplicate, type FieldError, type FieldPath, tooMany } from "../field.ts";
import { byteLength } from "../names.ts";

/** validateSlice: -1 is no limit. A list that is too long is not looked into. */
export function validateList<T>(
  list: readonly T[] | undefined,
  maxSize: number,
  validateItem: (item: T, path: FieldPath) => FieldError[],
  path: FieldPath,
): FieldError[] {
  if (!list) return [];
  if (maxSize >= 0 && list.length > maxSize) return [tooMany(path, list.length, maxSize)];
  return list.flatMap((item, index) => validateItem(item, path.index(index)));
}

/** validateSet: no two items with the same key. */
export function validateSet<T>(
  list: readonly T[] | undefined,
  maxSize: number,
  validateItem: (item: T, path: FieldPath) => FieldError[],
  keyOf: (item: T) => string,
  path: FieldPath,
  shownKey: (key: string) => unknown = (key) => key,
): FieldError[] {
  const errors = validateList(list, maxSize, validateItem, path);
  if (!list || (maxSize >= 0 && list.length > maxSize)) return errors;
  const seen = new Set<string>();
  list.forEach((item, index) => {
    const key = keyOf(item);
    if (seen.has(key)) errors.push(duplicate(path.index(index), shownKey(key)));
    seen.add(key);
  });
  return errors;
}

/** validateMap: in order of the keys, which upstream leaves to chance. */
export function validateMap<T>(
  map: Readonly<Record<string, T>> | undefined,
  { maxSize = -1, maxKeyLength }: { maxSize?: number; maxKeyLength: number },
  validateKey: (key: string, path: FieldPath) => FieldError[],
  validateItem: (item: T, path: FieldPath) => FieldError[],
  path: FieldPath,
): FieldError[] {
  const entries = Object.entries(map ?? {});
  if (maxSize >= 0 && entries.length > maxSize) return [tooMany(path, entries.length, maxSize)];
  return entries.flatMap(([key, item]) => [
    ...validateKey(key, path),
    ...validateItem(item, path.key(truncated(key, maxKeyLength))),
  ]);
}

/** truncateIfTooLong: the middle of a long text gives way to dots. */
function truncated(text: string, maxLength: number): string {
  if (byteLength(text) <= maxLength) return text;
  const bytes = Buffer.from(text);
  const remaining = maxLength - 3;
  const start = bytes.subarray(0, Math.floor((remaining + 1) / 2)).toString();
  return `${start}...${bytes.subarray(bytes.length - Math.floor(remaining / 2)).toString()}`;
}
