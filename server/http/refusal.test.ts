import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { refuse } from "./refusal.ts";

/** What a connection is sent before it ends. */
function told(code: string, answer?: { headersSent: boolean }) {
  const socket = Object.assign(new PassThrough(), { _httpMessage: answer });
  refuse({ code }, socket);
  return { text: String(socket.read() ?? "").split("\r\n")[0], destroyed: socket.destroyed };
}

test("what is no request is told so in Go's words", () => {
  expect(told("HPE_INVALID_METHOD").text).toBe("HTTP/1.1 400 Bad Request");
  expect(told("HPE_HEADER_OVERFLOW").text).toBe("HTTP/1.1 431 Request Header Fields Too Large");
  expect(told("HPE_INVALID_TRANSFER_ENCODING").text).toBe("HTTP/1.1 501 Not Implemented");
});

test.each(["ERR_TLS_HANDSHAKE_TIMEOUT", "ERR_HTTP_REQUEST_TIMEOUT", "ECONNRESET", "ERR_SSL_HTTP_REQUEST"])(
  "%s ends the connection without a word",
  (code) => expect(told(code)).toEqual({ text: "", destroyed: true }),
);

test("nothing is written into an answer that has begun", () => {
  expect(told("HPE_INVALID_METHOD", { headersSent: true })).toEqual({ text: "", destroyed: true });
  expect(told("HPE_INVALID_METHOD", { headersSent: false }).destroyed).toBe(false);
});
