const atoms = /^[\w!#$%&'*+\-/=?^`{|}~\u0080-\uffff]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\u0080-\uffff]+)*$/;
const quoted = /^"(?:[^"\\\r\n]|\\.)*"$/;
const literal = /^\[[^[\]\\\s]*\]$/;

/** Whether net/mail's ParseAddress of Go takes it: an address, or one in angle brackets with a name before it. */
export function isMailAddress(text: string): boolean {
  const trimmed = text.trim();
  const open = trimmed.lastIndexOf("<");
  if (open >= 0 && trimmed.endsWith(">")) return isPlainAddress(trimmed.slice(open + 1, -1).trim());
  return isPlainAddress(trimmed);
}

function isPlainAddress(address: string): boolean {
  const at = address.lastIndexOf("@");
  if (at < 0) return false;
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  return (atoms.test(local) || quoted.test(local)) && (atoms.test(domain) || literal.test(domain));
}
