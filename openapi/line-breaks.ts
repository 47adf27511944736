/**
 * The client writes a line break of a description as a space. For parameters they are put back, because the v2
 * document calls a shared parameter by a hash of its text.
 */

/** Its sentences are divided by two spaces upstream, too. */
const UNBROKEN = new Set(["insecureSkipTLSVerifyBackend"]);

export function restoreLineBreaks(parameter: string, description: string): string {
  if (UNBROKEN.has(parameter)) return description;
  return description
    .replace(/ {2,}/g, ({ length }) => brokenGap(length))
    .replace("event\n\nwill", "event  will")
    .replace("started being processed. - ", "started being processed.\n- ");
}

/** An even gap is an empty line, an odd one the end of a line; what is left of it indents the next. */
function brokenGap(length: number): string {
  return length % 2 === 0 ? `\n\n${" ".repeat(length - 2)}` : `\n${" ".repeat(length - 1)}`;
}
