import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { issueCertificate, signCertificate } from "./certificate.ts";

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

const foreignKeys = {
  rsa: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  "P-384": () => generateKeyPairSync("ec", { namedCurve: "P-384" }),
  "P-521": () => generateKeyPairSync("ec", { namedCurve: "P-521" }),
  ed25519: () => generateKeyPairSync("ed25519"),
};

test.each(Object.entries(foreignKeys))("authorities with keys of others sign, too: %s", (_, generate) => {
  const subject = Buffer.from("300d310b300906035504030c026361", "hex");
  const names = { dnsNames: [], emailAddresses: [], ipAddresses: [], uris: [] };
  const template = { names, keyUsage: 0x8000, extendedKeyUsages: [], notBefore, notAfter, serial };
  const { publicKey, privateKey } = generate();
  const root = issueCertificate({ commonName: "root", notBefore, notAfter, usage: "authority", serial });
  const authority = {
    certificate: signCertificate({ ...template, subject, publicKey }, root),
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
  const leaf = new X509Certificate(signCertificate({ ...template, subject, publicKey }, authority));
  expect(leaf.verify(publicKey)).toBe(true);
  expect(leaf.issuer).toBe("CN=ca");
});

test("a key says that it is of an elliptic curve, and is that of the certificate", () => {
  const { key, certificate } = issueCertificate({
    commonName: "ca",
    notBefore,
    notAfter,
    usage: "authority",
    serial,
  });
  expect(key).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/);
  expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))).toBe(true);
});
