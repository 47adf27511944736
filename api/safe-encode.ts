/** Letters without vowels and look-alikes, for names that nobody reads as words. Source: apimachinery/pkg/util/rand. */
export const safeAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** SafeEncodeString: each character becomes a safe one. */
export function safeEncode(text: string): string {
  let encoded = "";
  for (let i = 0; i < text.length; i++) encoded += safeAlphabet[text.charCodeAt(i) % safeAlphabet.length];
  return encoded;
}
