/**
 * JavaScript compares strings by UTF-16 units, the contract orders keys by UTF-8 bytes. They differ only where a
 * surrogate (U+D800–U+DFFF, a character beyond U+FFFF) meets a unit from U+E000 up. Moving the surrogates behind the
 * rest, unit by unit, gives a string whose native order is the byte order and which keeps prefixes.
 */
const highUnits = /[\ud800-\uffff]/;

export function orderOf(key: string): string {
  return highUnits.test(key) ? reorder(key) : key;
}

function reorder(key: string): string {
  let result = "";
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    if (unit < 0xd800) result += key[index];
    else if (unit < 0xe000) result += String.fromCharCode(unit + 0x2000);
    else result += String.fromCharCode(unit - 0x800);
  }
  return result;
}
