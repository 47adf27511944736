/** Not YAML, or YAML that JSON cannot hold; the message is upstream's: "yaml: line 2: …". */
export class YamlError extends Error {
  override readonly name = "YamlError";
}

/**
 * A fault at a line, counted from zero. go-yaml names the line after the one that its scanner stopped in, the line
 * before the one that its parser stopped in, and never the first.
 */
export function faultAt(message: string, line: number, by: "scanner" | "parser"): YamlError {
  if (line === 0) return new YamlError(`yaml: ${message}`);
  return new YamlError(`yaml: line ${by === "scanner" ? line + 1 : line}: ${message}`);
}

export const tooDeep = (): YamlError => new YamlError("yaml: exceeded max depth of 10000");
