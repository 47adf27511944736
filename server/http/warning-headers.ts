/** Characters that all warnings of one answer may have together before each is cut to itemLimit. */
const totalLimit = 4 * 1024;
const itemLimit = 256;

/**
 * The Warning headers of an answer. Texts with control characters are left out, since no header can carry them.
 * Source: k8s.io/apiserver/pkg/endpoints/filters/warning.go, k8s.io/apimachinery/pkg/util/net NewWarningHeader.
 */
export function warningHeaders(texts: Iterable<string>): string[] {
  const sendable = [...texts].filter((text) => text !== "" && !/\p{Cc}/u.test(text)).map((text) => [...text]);
  let total = 0;
  const overflow = sendable.findIndex((text) => {
    total += text.length;
    return total > totalLimit;
  });
  if (overflow < 0) return sendable.map(header);
  const headers: string[] = [];
  let written = 0;
  for (const [index, text] of sendable.entries()) {
    // What came before the limit was reached is shortened, whatever it amounts to then.
    if (index > overflow && written >= totalLimit) break;
    const short = text.slice(0, itemLimit);
    written += short.length;
    headers.push(header(short));
  }
  return headers;
}

function header(characters: readonly string[]): string {
  const quoted = characters.join("").replaceAll(/["\\]/g, "\\$&");
  // Node writes each character of a header as one byte: UTF-8 has to be given byte by byte.
  return `299 - "${Buffer.from(quoted).toString("latin1")}"`;
}
