/** What a connection is told whose bytes are no request. Source: conn.serve of Go's net/http. */
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** By Node's code of the error: the status line and the text, as Go has them. */
const refusals: Readonly<Record<string, readonly [status: string, text?: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large"],
  HPE_INVALID_TRANSFER_ENCODING: ["501 Not Implemented", "Unsupported transfer encoding"],
  HPE_INVALID_VERSION: ["505 HTTP Version Not Supported: unsupported protocol version"],
};

/** Ends the connection. Who is too slow, in a handshake too, is told nothing, nor who is being answered already. */
export function refuse({ code = "" }: Pick<NodeJS.ErrnoException, "code">, socket: Duplex): void {
  // Where Node keeps the answer that a connection is getting; its own handler looks there, too.
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse };
  const isRequest = code === "" || code.startsWith("HPE_");
  if (!isRequest || answer?.headersSent || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, text = status] = refusals[code] ?? ["400 Bad Request"];
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close`;
  socket.end(`${head}\r\n\r\n${text}`, () => socket.destroy());
}
