import { timestamp } from "../../api/clock.ts";
import type { CertificateRequest } from "../../api/x509/certificate-request.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import {
  hasCondition,
  kubeletClientProblem,
  kubeletServingProblem,
  parseRequest,
  type SigningRequest,
  signers,
  signingRequestsResource,
  withCondition,
} from "./certificate-requests.ts";
import type { CertificateAuthority } from "./certificate-template.ts";
import { keyUsages } from "./key-usages.ts";

const workers = 5;
const minute = 60_000;
const hour = 60 * minute;
const year = 365 * 24 * hour;
const shortestLife = 10 * minute;
/** Certificates begin so long ago, for clocks that are behind; those that live shorter than short end none the sooner. */
const backdate = 5 * minute;
const short = 8 * hour;

/** What a signer does not sign, and why. */
const problems: Readonly<
  Record<string, (request: CertificateRequest, usages: readonly string[]) => string | undefined>
> = {
  [signers.client]: (_, usages) => clientUsagesProblem(usages),
  [signers.kubeletClient]: kubeletClientProblem,
  [signers.kubeletServing]: kubeletServingProblem,
  [signers.legacyUnknown]: () => undefined,
};

function clientUsagesProblem(usages: readonly string[]): string | undefined {
  const allowed = ["digital signature", "key encipherment", "client auth"];
  const other = usages.find((usage) => !allowed.includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes("client auth")
    ? undefined
    : "missing required usage for client certificate: client auth";
}

/** Issues the certificates of approved requests to the built-in signers. Source: pkg/controller/certificates/signer. */
export function makeCertificateSigningController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready, authority, signingDuration = year } = context;
  if (!authority) return;
  const issue = (request: SigningRequest, parsed: CertificateRequest): string =>
    certificateOf(authority, clock.now(), signingDuration, request, parsed);
  const requests = informers.of<SigningRequest>(signingRequestsResource);
  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(name) {
      const request = requests.objects.get(name);
      const problemOf = request && problems[request.spec.signerName];
      if (!problemOf || request.status?.certificate || !hasCondition(request, "Approved")) return;
      if (hasCondition(request, "Denied", "Failed")) return;
      const parsed = parseRequest(request);
      const problem = problemOf(parsed, request.spec.usages ?? []);
      const answer =
        problem === undefined
          ? { ...request, status: { ...request.status, certificate: issue(request, parsed) } }
          : withCondition(request, {
              ...{ type: "Failed", status: "True", reason: "SignerValidationFailure", message: problem },
              lastUpdateTime: timestamp(clock),
            });
      await client.update(signingRequestsResource, answer, { subresource: "status" });
    },
  });
  requests.onChange((now) => {
    if (now) queue.add(now.metadata.name ?? "");
  });
}

/** Base64 of PEM. Source: PermissiveSigningPolicy. */
function certificateOf(
  authority: CertificateAuthority,
  now: number,
  longestLife: number,
  { spec }: SigningRequest,
  parsed: CertificateRequest,
): string {
  parsed.checkSignature();
  const { subject, publicKey } = parsed;
  if (now >= authority.notAfter) throw new Error("refusing to sign a certificate that expired in the past");
  const life = lifeOf(spec.expirationSeconds, longestLife);
  const end = life < short ? now + life : now + life - backdate;
  const pem = authority.sign({
    ...{ subject, publicKey, names: parsed },
    ...keyUsages(spec.usages ?? []),
    notBefore: now - backdate,
    notAfter: Math.min(end, authority.notAfter),
  });
  return Buffer.from(pem).toString("base64");
}

function lifeOf(expirationSeconds: number | undefined, longest: number): number {
  if (expirationSeconds === undefined) return longest;
  const asked = expirationSeconds * 1000;
  return asked > longest ? longest : Math.max(shortestLife, asked);
}
