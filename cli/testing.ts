/** Requests as tests send them that must not be smoothed over by a client. */
import { type RequestOptions, request } from "node:https";
import { connect } from "node:tls";

export interface HttpsAnswer {
  status: number;
  body: string;
}

/** One request on a connection of its own. */
export function send(
  url: string,
  { body, ...options }: RequestOptions & { body?: string | Uint8Array },
): Promise<HttpsAnswer> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { rejectUnauthorized: false, agent: false, ...options }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sending.on("error", reject);
    sending.end(body);
  });
}

/** Everything that comes back on one connection until the server ends it. afterwards: sent when an answer has come. */
export function sendBytes(
  url: string,
  bytes: string | Uint8Array,
  { afterwards, protocols = ["http/1.1"] }: { afterwards?: string; protocols?: string[] } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(
      { host: hostname, port: Number(port), rejectUnauthorized: false, ALPNProtocols: protocols },
      () => socket.write(bytes),
    );
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      received += text;
    });
    if (afterwards !== undefined) socket.once("data", () => socket.write(afterwards));
    socket.on("end", () => resolve(received));
    // Who is refused while still writing is told, and then cut off.
    socket.on("error", (error) => (received === "" ? reject(error) : resolve(received)));
  });
}
