/** Bytes that are not the message that they should be; the text is that of gogo's generated code. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}
