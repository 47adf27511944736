import { expect, test } from "vitest";
import { checkOptions } from "./check-options.ts";
import { temporaryPki } from "./pki/cluster-pki.ts";
import { systemClock, systemRandom } from "./system-clock.ts";

test.each([
  [{ bindAddress: "nowhere" }, 'bind-address: "nowhere" is not an IP address'],
  [{ advertiseAddress: "1.2.3" }, 'advertise-address: "1.2.3" is not an IP address'],
  [
    { tls: { cert: "text", key: "text" } },
    "tls-cert-file and tls-private-key-file: tls: failed to find any PEM data in certificate input",
  ],
  [{ clientCa: "text" }, "client-ca-file: data does not contain any valid RSA or ECDSA certificates"],
  [{ enableAdmissionPlugins: ["Nope"] }, 'enable-admission-plugins plugin "Nope" is unknown'],
])("%j cannot be meant", (options, problem) => {
  expect(() => checkOptions(options)).toThrow(
    expect.objectContaining({ name: "UsageError", message: problem }),
  );
});

test("what can be meant is taken", () => {
  const names = { dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] };
  const { authority, server } = temporaryPki(systemClock, systemRandom, names);
  const tls = { cert: server.certificate, key: server.key };
  expect(() => checkOptions({ bindAddress: "::1", clientCa: authority.certificate, tls })).not.toThrow();
});
