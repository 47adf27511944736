import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { asksForWebSocket, isTokenProtocol } from "./credentials.ts";

/** Whether the server has left the connection of a request to us; Node's types leave it out. */
export function isUpgraded(request: IncomingMessage & { upgrade?: boolean }): boolean {
  return request.upgrade === true && asksForWebSocket(request.headers);
}

/** RFC 6455, section 1.3. */
const acceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const onlyVersion = "13";

const opcodes = { text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;
const finalFrame = 0x80;
const masked = 0x80;
const controlBytes = 125;
const closeNormal = 1000;
const closeProtocolError = 1002;

/**
 * A WebSocket on a connection that was upgraded; what the client sends is ignored. Upstream's library is
 * golang.org/x/net/websocket, whose answers these are: they carry none of the headers of other answers.
 */
export class WebSocket {
  readonly #socket: Socket;
  #isOpen = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const frames = new ClientFrames();
    socket.on("data", (chunk: Buffer) => {
      for (const { opcode, payload } of frames.read(chunk)) this.#heed(opcode, payload);
    });
  }

  /** Shakes hands. undefined: what the client asks for is refused, and the connection ends. */
  static accept(request: IncomingMessage, socket: Socket): WebSocket | undefined {
    const { headers } = request;
    const refuse = (head: string, text = "") => void socket.end(`HTTP/1.1 ${head}\r\n\r\n${text}`);
    const key = headers["sec-websocket-key"];
    if (!key) return refuse("400 Bad Request", "mismatch challenge/response");
    if (headers["sec-websocket-version"] !== onlyVersion) {
      const head = `400 Bad Request\r\nSec-WebSocket-Version: ${onlyVersion}`;
      return refuse(head, "missing or bad WebSocket Version");
    }
    if (!isOrigin(headers.origin)) return refuse("403 Forbidden");
    const protocols = offeredProtocols(headers);
    if (protocols.length > 1) return refuse("400 Bad Request");
    const accept = createHash("sha1").update(`${key}${acceptGuid}`).digest("base64");
    const lines = [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${accept}`,
      ...protocols.map((protocol) => `Sec-WebSocket-Protocol: ${protocol}`),
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    return new WebSocket(socket);
  }

  send(payload: Uint8Array, kind: "text" | "binary"): void {
    this.#write(opcodes[kind], payload);
  }

  close(status = closeNormal): void {
    if (!this.#isOpen) return;
    this.#write(opcodes.close, Uint8Array.of(status >> 8, status & 0xff));
    this.#isOpen = false;
    this.#socket.end();
  }

  #heed(opcode: number, payload: Uint8Array): void {
    if (opcode === opcodes.ping) this.#write(opcodes.pong, payload);
    else if (opcode === opcodes.close) this.close();
    else if (opcode === protocolError) this.close(closeProtocolError);
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (!this.#isOpen) return;
    this.#socket.write(frameHead(opcode, payload.length));
    this.#socket.write(payload);
  }
}

/** Clients without an origin are refused, as browsers are that have a wrong one. */
function isOrigin(origin: string | undefined): boolean {
  return origin !== undefined && (origin.startsWith("/") || URL.canParse(origin));
}

/** Without the one that brings a token. */
function offeredProtocols(headers: IncomingHttpHeaders): string[] {
  const offered = headers["sec-websocket-protocol"]?.trim() ?? "";
  if (offered === "") return [];
  return offered
    .split(",")
    .map((protocol) => protocol.trim())
    .filter((protocol) => !isTokenProtocol(protocol));
}

/** RFC 6455, section 5.2. */
function frameHead(opcode: number, length: number): Uint8Array {
  if (length <= controlBytes) return Uint8Array.of(finalFrame | opcode, length);
  const isLong = length > 0xffff;
  const head = Buffer.alloc(isLong ? 10 : 4);
  head[0] = finalFrame | opcode;
  head[1] = isLong ? 127 : 126;
  if (isLong) head.writeBigUInt64BE(BigInt(length), 2);
  else head.writeUInt16BE(length, 2);
  return head;
}

/** Stands for a frame that no client may send. */
const protocolError = -1;
const nothing = Buffer.alloc(0);

interface ControlFrame {
  opcode: number;
  payload: Uint8Array;
}

/** Finds the control frames in what a client sends; data is passed over without being kept. */
class ClientFrames {
  #pending: Buffer = nothing;
  /** Bytes of data still to be passed over. */
  #passing = 0;

  *read(chunk: Buffer): Generator<ControlFrame> {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const passed = Math.min(this.#passing, this.#pending.length);
      this.#passing -= passed;
      this.#pending = this.#pending.subarray(passed);
      const frame = this.#passing > 0 ? undefined : this.#next();
      if (frame === undefined) return;
      yield frame;
    }
  }

  /** undefined where the frame has not arrived as a whole. */
  #next(): ControlFrame | undefined {
    const bytes = this.#pending;
    if (bytes.length < 2) return undefined;
    const opcode = bytes[0]! & 0x0f;
    const short = bytes[1]! & 0x7f;
    if ((bytes[1]! & masked) === 0) return this.#wrong();
    const head = short === 127 ? 14 : short === 126 ? 8 : 6;
    if (bytes.length < head) return undefined;
    if (opcode < opcodes.close) {
      const length =
        short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
      this.#passing = length;
      this.#pending = bytes.subarray(head);
      return { opcode, payload: nothing };
    }
    if (short > controlBytes) return this.#wrong();
    if (bytes.length < head + short) return undefined;
    const mask = bytes.subarray(head - 4, head);
    const payload = bytes.subarray(head, head + short).map((byte, index) => byte ^ mask[index % 4]!);
    this.#pending = bytes.subarray(head + short);
    return { opcode, payload };
  }

  #wrong(): ControlFrame {
    this.#pending = nothing;
    return { opcode: protocolError, payload: nothing };
  }
}
