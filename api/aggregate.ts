/** Several errors as one: a single one as it is, more in brackets, none twice. Source: utilerrors.Aggregate. */
export function aggregateText(messages: readonly string[]): string {
  const [first = "", ...more] = new Set(messages);
  return more.length === 0 ? first : `[${[first, ...more].join(", ")}]`;
}
