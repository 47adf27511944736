/** What is wrong with an object; the message is Go's: "json: cannot unmarshal …". */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}
