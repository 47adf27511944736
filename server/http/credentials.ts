import { isUtf8 } from "node:buffer";
import { X509Certificate } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { decodePem } from "../../api/x509/pem.ts";
import type { Credentials } from "../auth/authenticator.ts";

type CertificateFacts = Pick<Credentials, "certificate" | "certificateRejected" | "proxyName">;

/** Whose certificates are of users, and whose are of proxies that name users in headers. PEM. */
export interface Authorities {
  clients: string;
  /** None: there are no such proxies. */
  proxies?: string;
}

const none: CertificateFacts = { certificateRejected: false };

/** Reads what requests show of their senders; a connection's certificate is read once. */
export class CredentialReader {
  readonly #bySocket = new WeakMap<TLSSocket, CertificateFacts>();
  readonly #authorities: ReadonlyMap<"clients" | "proxies", readonly X509Certificate[]> | undefined;

  constructor({ clients, proxies }: Authorities) {
    if (proxies === undefined) return;
    this.#authorities = new Map([
      ["clients", certificatesOf(clients)],
      ["proxies", certificatesOf(proxies)],
    ]);
  }

  read(request: IncomingMessage, warn: (message: string) => void): Credentials {
    const facts = this.#certificate(request.socket as TLSSocket);
    const { authorization, upgrade } = request.headers;
    const token =
      bearerToken(authorization, warn) ??
      (upgrade === undefined ? undefined : webSocketToken(request.headers));
    const headers = facts.proxyName === undefined ? {} : { headers: request.headersDistinct };
    return token === undefined && facts.proxyName === undefined
      ? facts
      : { ...facts, ...headers, ...(token === undefined ? {} : { bearerToken: token }) };
  }

  #certificate(socket: TLSSocket): CertificateFacts {
    let facts = this.#bySocket.get(socket);
    if (!facts) {
      facts = this.#factsOf(socket);
      this.#bySocket.set(socket, facts);
    }
    return facts;
  }

  /** TLS verifies a certificate by all authorities together. */
  #factsOf(socket: TLSSocket): CertificateFacts {
    const facts = certificateFacts(socket);
    const leaf = this.#authorities && socket.getPeerX509Certificate();
    if (!leaf || !facts.certificate) return facts;
    const { certificate, ...rest } = facts;
    const isOf = (whose: "clients" | "proxies") =>
      this.#authorities!.get(whose)!.some((authority) => isIssued(leaf, authority));
    return {
      ...(isOf("clients") ? facts : { ...rest, certificateRejected: true }),
      ...(isOf("proxies") ? { proxyName: certificate.commonName } : {}),
    };
  }
}

const certificatesOf = (pem: string): X509Certificate[] =>
  decodePem(pem)
    .filter(({ type }) => type === "CERTIFICATE")
    .map(({ bytes }) => new X509Certificate(bytes));

/**
 * By its signature, not by names alone. Node shows no certificates that a client sends with its own: where proxies are
 * told from users, the issuer itself must be one of the authorities.
 */
const isIssued = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

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

const tokenProtocol = "base64url.bearer.authorization.k8s.io.";

export const isTokenProtocol = (protocol: string): boolean => protocol.startsWith(tokenProtocol);

/** Source: httpstream/wsstream/conn.go, IsWebSocketRequest. */
export function asksForWebSocket({ upgrade = "", connection = "" }: IncomingHttpHeaders): boolean {
  return upgrade.toLowerCase() === "websocket" && connection.toLowerCase().includes("upgrade");
}

/**
 * Browsers cannot set headers of WebSockets: the token is one of the protocols that they offer, beside another one. ""
 * where it is not one. Source: authentication/request/websocket.
 */
export function webSocketToken(headers: IncomingHttpHeaders): string | undefined {
  if (!asksForWebSocket(headers)) return undefined;
  const offered = headers["sec-websocket-protocol"] ?? "";
  const protocols = offered.split(",").map((protocol) => protocol.trim());
  const [token, ...more] = protocols.filter(isTokenProtocol);
  if (token === undefined) return undefined;
  const encoded = token.slice(tokenProtocol.length);
  const bytes = Buffer.from(encoded, "base64url");
  const isOne = more.length === 0 && protocols.length > 1 && /^[\w-]*$/.test(encoded) && isUtf8(bytes);
  return isOne ? bytes.toString("utf8") || undefined : "";
}
