import { describe, expect, test } from "vitest";
import { parseFeatureGates } from "../../../api/feature-gates.ts";
import { type Authorizer, alwaysDeny } from "../../auth/authorizer.ts";
import { admitted, named } from "../testing.ts";
import {
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  clusterTrustBundleAttest,
} from "./certificates.ts";

/** CN=someone, O=group */
const ordinaryRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIZU1JR0VBZ0VBTUNJeERqQU1CZ05WQkFvTUJXZHliM1Z3TVJBd0RnWURWUVFEREFkemIyMWxiMjVsTUZrdwpFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRS81Nnp4bUhha0ZDa01idzBUdE5Ud1pXUURQM0ppb2x3CnNPU2VCMnRzMlhUNXBMUkw4MlFKeFBpMW0ySHNMMVQ3MTBmcUV2ODFMLy93R2pRYjI5Zks3S0FBTUFvR0NDcUcKU000OUJBTUNBMGtBTUVZQ0lRQ1Z3ZG41ZjlwbTBscGlQbnEzNXI2TkgxNEprYkxqQURFTEJYZkJ6OSs1N3dJaApBTUxGdEZvQ200OXZXbGZ0YmdpbThkSnhmL3R2Nm5SZUhGOGVwU0hZZDNXQwotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";
/** CN=someone, O=system:masters */
const mastersRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIbk1JR05BZ0VBTUNzeEZ6QVZCZ05WQkFvTURuTjVjM1JsYlRwdFlYTjBaWEp6TVJBd0RnWURWUVFEREFkegpiMjFsYjI1bE1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRWgxZlVRZDFWS2hodkRrWjRMODZtCjJnd0lnZHVZcWc5cXZHOFZyR1I5WG8xL3BTNitsL1c0Zk1JbmRQRkJVMzI3NzVXQXRYMFBoQ2NVRG9OYURYN3EKTDZBQU1Bb0dDQ3FHU000OUJBTUNBMGtBTUVZQ0lRQ2l0S3NVZTdab2FIL1VEeExkYTZTbUVUTUNVNTRyQ1JnOQpDSytUcThpT2tBSWhBTUhlNGl1QkUzTW1VTURNajd0NU9qcUtnMUlzMVBRajBpbkg0cDd4OU42RwotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";

/** Allows one verb on signers of one name. */
const allowing = (verb: string, name: string): Authorizer => ({
  ...alwaysDeny,
  authorize: ({ resource, ...asked }) => ({
    allowed: asked.verb === verb && resource?.resource === "signers" && resource.name === name,
  }),
});
const group = "certificates.k8s.io";
const resource = "certificatesigningrequests";
const request = (signerName: string, status: object = {}, own = ordinaryRequest) =>
  named("r", { spec: { signerName, request: own }, status });
const start = `${resource}.${group} "r" is forbidden: `;

describe("the right to approve", () => {
  const approve = async (authorizer: Authorizer) =>
    (
      await admitted(certificateApproval(authorizer), {
        ...{ group, resource, subresource: "approval" },
        object: request("example.com/other"),
        oldObject: request("example.com/one"),
      })
    ).error?.message;

  test("is asked for the signer, or all of its domain", async () => {
    expect(await approve(allowing("approve", "example.com/one"))).toBeUndefined();
    expect(await approve(allowing("approve", "example.com/*"))).toBeUndefined();
    const refused = `${start}user not permitted to approve requests with signerName "example.com/one"`;
    expect(await approve(allowing("approve", "example.com/other"))).toBe(refused);
    expect(await approve(allowing("sign", "example.com/one"))).toBe(refused);
  });
});

test("the right to sign is asked where certificate or conditions change", async () => {
  const sign = async (status: object, old: object = {}) =>
    (
      await admitted(certificateSigning(alwaysDeny), {
        ...{ group, resource, subresource: "status" },
        object: request("example.com/one", status),
        oldObject: request("example.com/one", old),
      })
    ).error?.message;
  const refused = `${start}user not permitted to sign requests with signerName "example.com/one"`;
  expect(await sign({ certificate: "YQ==" })).toBe(refused);
  expect(await sign({ conditions: [{ type: "Failed" }] })).toBe(refused);
  expect(await sign({ certificate: "YQ==" }, { certificate: "YQ==" })).toBeUndefined();
});

test("the right to attest is asked for bundles of a signer", async () => {
  const on = parseFeatureGates("ClusterTrustBundle=true");
  const attest = async (spec: object, more: object = {}, authorizer = alwaysDeny) =>
    (
      await admitted(clusterTrustBundleAttest(authorizer, on), {
        ...{ group, resource: "clustertrustbundles" },
        object: named("b", { spec }),
        ...more,
      })
    ).error?.message;
  const spec = { signerName: "example.com/one" };
  expect(await attest(spec)).toContain('user not permitted to attest for signerName "example.com/one"');
  expect(await attest(spec, {}, allowing("attest", "example.com/one"))).toBeUndefined();
  expect(await attest({})).toBeUndefined();
  expect(await attest(spec, { oldObject: named("b", { spec }, { finalizers: ["f"] }) })).toBeUndefined();
  expect(await attest(spec, { oldObject: named("b", { spec }, { labels: { a: "b" } }) })).toContain("attest");
});

test("no certificate of the cluster's makes an administrator", async () => {
  const create = async (signerName: string, own: string) =>
    (await admitted(certificateSubjectRestriction, { group, resource, object: request(signerName, {}, own) }))
      .error?.message;
  const signer = "kubernetes.io/kube-apiserver-client";
  expect(await create(signer, mastersRequest)).toBe(
    `${start}use of ${signer} signer with system:masters group is not allowed`,
  );
  expect(await create(signer, ordinaryRequest)).toBeUndefined();
  expect(await create("example.com/one", mastersRequest)).toBeUndefined();
  expect(await create(signer, "YQ==")).toBe(
    `${start}failed to parse CSR: PEM block type must be CERTIFICATE REQUEST`,
  );
});
