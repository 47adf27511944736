/** A client that means no good: requests and bytes as they stand. */
import { type RequestOptions, request } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import type { GaugedServer } from "./server.ts";

export interface Sent {
  path: string;
  method?: string;
  type?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string | string[]>;
}

export class Client {
  readonly #url: URL;
  readonly token: string;

  constructor({ url, token }: GaugedServer) {
    this.#url = new URL(url);
    this.token = token;
  }

  get address(): { hostname: string; port: number } {
    return { hostname: this.#url.hostname, port: Number(this.#url.port) };
  }

  get credentials(): string {
    return `Host: a\r\nAuthorization: Bearer ${this.token}\r\n`;
  }

  /** The status and the beginning of the answer. */
  send({ path, method, type, body, headers = {} }: Sent): Promise<string> {
    const options: RequestOptions = {
      ...{ host: this.#url.hostname, port: this.#url.port, path, agent: false, rejectUnauthorized: false },
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        authorization: `Bearer ${this.token}`,
        "content-type": type ?? "application/json",
        ...headers,
      },
    };
    return new Promise((resolve) => {
      const sending = request(options, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          if (text.length < 1000) text += chunk;
        });
        answer.on("close", () => resolve(`${answer.statusCode} ${messageOf(text)}`));
      });
      sending.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      sending.end(body);
    });
  }

  /** A connection on which bytes have been sent. */
  open(bytes: string | Uint8Array): Promise<TLSSocket> {
    const { hostname: host, port } = this.address;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, rejectUnauthorized: false }, () => {
        socket.off("error", reject);
        socket.on("error", () => {});
        socket.write(bytes);
        resolve(socket);
      });
      socket.on("error", reject);
    });
  }

  /** What comes back on a connection of its own until it ends, or for so many milliseconds. */
  async talk(bytes: string | Uint8Array, milliseconds = 5_000): Promise<string> {
    const socket = await this.open(bytes);
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      socket.on("close", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    socket.destroy();
    return text;
  }
}

function messageOf(text: string): string {
  return /"message": ?"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text;
}
