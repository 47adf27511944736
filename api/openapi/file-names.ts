/** The name of a compressed v3 document among the generated files; none is hidden. */
export function v3FileName(key: string): string {
  return `v3/${key.replace(/^\./, "").replaceAll("/", "__")}.json.gz`;
}
