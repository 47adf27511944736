import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { protobufType } from "../../api/media-type.ts";
import { drained } from "./responder.ts";
import type { FrameWriter } from "./watch-writer.ts";
import { WebSocket } from "./web-socket.ts";

/** The length before each frame of protobuf, which a message has no need of. */
const lengthBytes = 4;

/** Writes each frame of a watch as a message of a WebSocket. Source: handlers/watch.go, HandleWS. */
export class WatchMessages implements FrameWriter {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #isBinary: boolean;

  private constructor(webSocket: WebSocket, socket: Socket, contentType: string) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#isBinary = contentType.startsWith(protobufType);
  }

  /** undefined: what the client asks for is no WebSocket, and has been refused. */
  static open(request: IncomingMessage, contentType: string): WatchMessages | undefined {
    const { socket } = request;
    const webSocket = WebSocket.accept(request, socket);
    return webSocket && new WatchMessages(webSocket, socket, contentType);
  }

  write(frames: readonly Uint8Array[]): Promise<void> | undefined {
    for (const frame of frames) {
      if (this.#isBinary) this.#webSocket.send(frame.subarray(lengthBytes), "binary");
      else this.#webSocket.send(frame, "text");
    }
    return this.#socket.writableNeedDrain ? drained(this.#socket) : undefined;
  }

  end(): void {
    this.#webSocket.close();
  }
}
