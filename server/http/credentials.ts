import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import type { Credentials } from "../auth/authenticator.ts";

type CertificateFacts = Pick<Credentials, "certificate" | "certificateRejected">;

const none: CertificateFacts = { certificateRejected: false };

/** Reads what requests show of their senders; a connection's certificate is read once. */
export class CredentialReader {
  readonly #bySocket = new WeakMap<TLSSocket, CertificateFacts>();

  read(request: IncomingMessage, warn: (message: string) => void): Credentials {
    const facts = this.#certificate(request.socket as TLSSocket);
    const token = bearerToken(request.headers.authorization, warn);
    return token === undefined ? facts : { ...facts, bearerToken: token };
  }

  #certificate(socket: TLSSocket): CertificateFacts {
    let facts = this.#bySocket.get(socket);
    if (!facts) {
      facts = certificateFacts(socket);
      this.#bySocket.set(socket, facts);
    }
    return facts;
  }
}

function certificateFacts(socket: TLSSocket): CertificateFacts {
  const peer = socket.getPeerCertificate();
  if (!peer?.subject) return none;
  if (!socket.authorized) return { certificateRejected: true };
  const { CN, O } = peer.subject as { CN?: string | string[]; O?: string | string[] };
  return {
    certificateRejected: false,
    certificate: {
      commonName: list(CN)[0] ?? "",
      organizations: list(O),
      fingerprint: peer.fingerprint256.replaceAll(":", "").toLowerCase(),
    },
  };
}

function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Source: authentication/request/bearertoken: a scheme in any case, one space, then the token. */
export function bearerToken(header: string | undefined, warn: (message: string) => void): string | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const space = text.indexOf(" ");
  if (space < 0 || text.slice(0, space).toLowerCase() !== "bearer") return undefined;
  const end = text.indexOf(" ", space + 1);
  const token = end < 0 ? text.slice(space + 1) : text.slice(space + 1, end);
  if (token !== "") return token;
  warn("the provided Authorization header contains extra space before the bearer token, and is ignored");
  return undefined;
}
