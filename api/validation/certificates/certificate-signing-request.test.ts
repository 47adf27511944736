import { expect, it } from "vitest";
import type { ObjectOf } from "../../object-of.ts";
import { problems } from "../corruption.ts";
import { validateCertificateSigningRequest } from "./certificate-signing-request.ts";

type Request = ObjectOf<"io.k8s.api.certificates.v1.CertificateSigningRequest">;

// The answers of kube-apiserver 1.36.3.
it.each([
  [{ request: "" }, '""'],
  [{}, "null"],
])("prints an empty request as such: %j", (spec, printed) => {
  const request = { metadata: { name: "a" }, spec, status: {} } as unknown as Request;
  expect(problems(validateCertificateSigningRequest(request))).toContain(
    `spec.request: Invalid value: ${printed}: PEM block type must be CERTIFICATE REQUEST`,
  );
});
