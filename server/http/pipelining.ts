import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** More requests behind one that is not answered yet nobody sends who means to read the answers. */
const maxWaiting = 1000;

/**
 * Serves the requests of a connection one after the other, as Go's server does. Node hands out all that have arrived;
 * their answers would pile up where the client does not read, and count as in flight all that time.
 */
export class Pipelining {
  readonly #waiting = new WeakMap<Socket, number>();

  /** Serves now, or when the connection has been sent what was asked before. */
  serve({ socket }: IncomingMessage, response: ServerResponse, serve: () => void): void {
    if (response.socket !== null) {
      serve();
      return;
    }
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    this.#waiting.set(socket, waiting);
    if (waiting > maxWaiting) socket.destroy();
    // Node's sign that the answer is the next on its connection.
    response.once("socket", () => {
      this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
      serve();
    });
  }
}
