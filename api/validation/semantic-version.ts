const coreVersion = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)/;
const preReleasePart = /^(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)$/;
const buildPart = /^[0-9a-zA-Z-]+$/;

/** As semver.org has it: split up, so that no pattern runs over the whole text more than once. */
export function isSemanticVersion(text: string): boolean {
  const core = coreVersion.exec(text)?.[0];
  if (core === undefined) return false;
  const plus = text.indexOf("+");
  const end = plus < 0 ? text.length : plus;
  if (plus >= 0 && !everyPart(text.slice(plus + 1), buildPart)) return false;
  const rest = text.slice(core.length, end);
  return rest === "" || (rest.startsWith("-") && everyPart(rest.slice(1), preReleasePart));
}

function everyPart(text: string, pattern: RegExp): boolean {
  return text.split(".").every((part) => pattern.test(part));
}
