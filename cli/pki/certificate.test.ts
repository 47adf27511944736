import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { issueCertificate } from "./certificate.ts";

const serial = Buffer.from("0102030405060708", "hex");
const notBefore = Date.UTC(2026, 0, 1);
const notAfter = Date.UTC(2060, 0, 1);

test("a certificate chains to its authority and says whom it is for", () => {
  const authority = issueCertificate({ commonName: "ca", notBefore, notAfter, usage: "authority", serial });
  const server = issueCertificate(
    {
      commonName: "apiserver",
      organizations: ["system:masters"],
      notBefore,
      notAfter,
      usage: "server",
      dnsNames: ["localhost", "kubernetes.default.svc"],
      ipAddresses: ["127.0.0.1", "::1"],
      serial,
    },
    authority,
  );
  const issuer = new X509Certificate(authority.certificate);
  const parsed = new X509Certificate(server.certificate);
  expect(issuer.ca).toBe(true);
  expect(parsed.ca).toBe(false);
  expect(parsed.checkIssued(issuer)).toBe(true);
  expect(parsed.verify(issuer.publicKey)).toBe(true);
  expect(parsed.subject).toBe("O=system:masters\nCN=apiserver");
  expect(parsed.issuer).toBe("CN=ca");
  expect(parsed.checkHost("localhost")).toBe("localhost");
  expect(parsed.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(parsed.checkIP("::1")).toBe("::1");
  expect(parsed.validToDate.getTime()).toBe(notAfter);
  expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(parsed.serialNumber).toBe("0102030405060708");
});
