import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { WebSocket } from "./web-socket.ts";

const asked: IncomingHttpHeaders = {
  origin: "https://here",
  // RFC 6455, section 1.3.
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};
const accepted = [
  "HTTP/1.1 101 Switching Protocols",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
];

/** A WebSocket, what was written to its client, and the client's side of the connection. */
function connected(headers: IncomingHttpHeaders) {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const webSocket = WebSocket.accept({ headers } as IncomingMessage, socket as never);
  const head = written.splice(0).join("");
  return {
    webSocket,
    head,
    receive: (...bytes: number[]) => socket.emit("data", Buffer.from(bytes)),
    sent: () => Buffer.concat(written).toString("hex"),
    hasEnded: () => socket.writableEnded,
  };
}

test("hands are shaken, with the one protocol that is no token", () => {
  expect(connected(asked).head).toBe(`${accepted.join("\r\n")}\r\n\r\n`);
  const protocols = "base64url.bearer.authorization.k8s.io.YWJj, watch";
  const { head } = connected({ ...asked, "sec-websocket-protocol": protocols });
  expect(head).toBe(`${[...accepted, "Sec-WebSocket-Protocol: watch"].join("\r\n")}\r\n\r\n`);
});

test.each([
  [{ origin: undefined }, "HTTP/1.1 403 Forbidden\r\n\r\n"],
  [{ origin: "here" }, "HTTP/1.1 403 Forbidden\r\n\r\n"],
  [{ "sec-websocket-protocol": "a, b" }, "HTTP/1.1 400 Bad Request\r\n\r\n"],
  [{ "sec-websocket-key": "" }, "HTTP/1.1 400 Bad Request\r\n\r\nmismatch challenge/response"],
  [
    { "sec-websocket-version": "8" },
    "HTTP/1.1 400 Bad Request\r\nSec-WebSocket-Version: 13\r\n\r\nmissing or bad WebSocket Version",
  ],
])("what asks for no WebSocket is refused: %j", (wrong, answer) => {
  const { webSocket, head, hasEnded } = connected({ ...asked, ...wrong });
  expect([webSocket, head, hasEnded()]).toEqual([undefined, answer, true]);
});

test.each([
  [125, "827d"],
  [126, "827e007e"],
  [65_535, "827effff"],
  [65_536, "827f0000000000010000"],
])("a message of %i bytes is one frame", (length, head) => {
  const { webSocket, sent } = connected(asked);
  webSocket?.send(Buffer.alloc(length, 1), "binary");
  expect(sent()).toBe(head + "01".repeat(length));
});

test("pings are answered, data is passed over, and a close ends it, however the bytes arrive", () => {
  const mask = [1, 2, 3, 4];
  const data = [0x81, 0xfe, 0x00, 0x80, ...mask, ...Array(0x80).fill(0x89)];
  const ping = [0x89, 0x82, ...mask, 0x41 ^ 1, 0x42 ^ 2];
  const close = [0x88, 0x80, ...mask];
  const all = [...data, ...ping, ...close];
  for (const size of [1, 7, all.length]) {
    const { receive, sent, hasEnded } = connected(asked);
    for (let at = 0; at < all.length; at += size) receive(...all.slice(at, at + size));
    expect(sent()).toBe("8a024142880203e8");
    expect(hasEnded()).toBe(true);
  }
});

test("a client that does not mask its frames breaks the protocol", () => {
  const { receive, sent, hasEnded } = connected(asked);
  receive(0x89, 0x00);
  expect([sent(), hasEnded()]).toEqual(["880203ea", true]);
});
