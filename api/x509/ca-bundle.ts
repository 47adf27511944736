/** Whether a bundle of authorities can be used. Source: k8s.io/client-go/transport.TLSConfigFor. */
import { parseCertificate } from "./certificate.ts";
import { decodePem, type PemBlock } from "./pem.ts";

/** caBundle: base64 of PEM. What upstream says of one without a usable certificate; undefined: it is good. */
export function caBundleProblem(caBundle: string): string | undefined {
  const text = Buffer.from(caBundle, "base64").toString("latin1");
  if (text === "") return undefined;
  const blocks = decodePem(text);
  const certificates = blocks.filter(({ type, headers }) => type === "CERTIFICATE" && headers.size === 0);
  if (certificates.some(({ bytes }) => parseCertificate(bytes))) return undefined;
  return `unable to load root certificates: ${problemOf(text, blocks, certificates)}`;
}

function problemOf(text: string, blocks: readonly PemBlock[], certificates: readonly PemBlock[]): string {
  if (certificates.length > 0) return "failed to parse certificate: x509: malformed certificate";
  const isAllRead = blocks.length > 0 && /-----END [^\n]*-----\n?$/.test(text);
  return isAllRead ? "no valid certificate authority data seen" : "unable to parse bytes as PEM block";
}
