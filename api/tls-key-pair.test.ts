import { describe, expect, it } from "vitest";
import { keyPairProblem } from "./tls-key-pair.ts";

const certificate = `-----BEGIN CERTIFICATE-----
MIIBbzCCARWgAwIBAgIUZVGEG2ZTdIiyrtZaC3ZttYZrKlkwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAgFw0yNjExMjExMjMxMTFaGA8yMTI2MTAyODEyMzExMVow
DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBV9393SqOKz
vEqqynwK4tvPleCD93ozwqfOQcPsir0OxxX5DJeM+JQVXKVpglVbtouyxxinjCqb
U/QG+b17ynujUzBRMB0GA1UdDgQWBBQKjtYAPNSnWj3Pej7Wl9kwYjBs8TAfBgNV
HSMEGDAWgBQKjtYAPNSnWj3Pej7Wl9kwYjBs8TAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCIDSKwrykXWEkAz1A2i95GwJpacrPks67jusfmB4Oj/Ly
AiEA4smVZLZTKzGZ9I/RhpCKD2EZKrA/nLs1EcwTcxzOMVs=
-----END CERTIFICATE-----`;

const key = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIMHTw4eE62ZwyFUs5JUQCHiS4J8BaEiZg+DmDcqdjR70oAoGCCqGSM49
AwEHoUQDQgAEFX3f3dKo4rO8SqrKfAri28+V4IP3ejPCp85Bw+yKvQ7HFfkMl4z4
lBVcpWmCVVu2i7LHGKeMKptT9Ab5vXvKew==
-----END EC PRIVATE KEY-----`;

const pkcs8Key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwdPDh4TrZnDIVSzk
lRAIeJLgnwFoSJmD4OYNyp2NHvShRANCAAQVfd/d0qjis7xKqsp8CuLbz5Xgg/d6
M8KnzkHD7Iq9DscV+QyXjPiUFVylaYJVW7aLsscYp4wqm1P0Bvm9e8p7
-----END PRIVATE KEY-----`;

const otherKey = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIOXpxW573YTJBu5+OqlvVh/FbZ0k+N+zzsy2iklUrg7UoAoGCCqGSM49
AwEHoUQDQgAE8gUfICARmmzbLRiXUXnEDfxJ4IGXkbVCH/ZhSnkngD5DSTC+ZPGX
ejRTKhyFiA40oOXqe4alAlnPzsQFa8Suqg==
-----END EC PRIVATE KEY-----`;

const ed25519Key = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIKT6jKSM3h3lg+gLSvVPyMJr7SWb052r7o3Jt6PKZngM
-----END PRIVATE KEY-----`;

const block = (type: string) => `-----BEGIN ${type}-----\nAAAA\n-----END ${type}-----\n`;

// Warnings of kube-apiserver 1.36.3 for Secrets of type kubernetes.io/tls.
describe("keyPairProblem", () => {
  it.each([
    ["SEC 1", key],
    ["PKCS #8", pkcs8Key],
    ["parameters before the key", `${block("EC PARAMETERS")}${key}`],
  ])("has nothing against a pair: %s", (_, own) => {
    expect(keyPairProblem(certificate, own)).toBeUndefined();
  });

  it.each([
    ["another key", certificate, otherKey, "tls: private key does not match public key"],
    ["another kind of key", certificate, ed25519Key, "tls: private key type does not match public key type"],
    [
      "both switched",
      key,
      certificate,
      "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
    ],
    ["no certificate", "x", key, "tls: failed to find any PEM data in certificate input"],
    ["no key", certificate, "x", "tls: failed to find any PEM data in key input"],
    [
      "a certificate for a key",
      certificate,
      certificate,
      "tls: found a certificate rather than a key in the PEM for the private key",
    ],
    ["a broken certificate", block("CERTIFICATE"), key, "x509: malformed certificate"],
    ["a broken key", certificate, block("PRIVATE KEY"), "tls: failed to parse private key"],
    [
      "something else for the certificate",
      block("FOO"),
      key,
      'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [FOO]',
    ],
    [
      "something else for the key",
      certificate,
      `${block("FOO")}${block("BAR")}`,
      'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [FOO BAR]',
    ],
  ])("tells %s", (_, ownCertificate, ownKey, problem) => {
    expect(keyPairProblem(ownCertificate, ownKey)).toBe(problem);
  });
});
