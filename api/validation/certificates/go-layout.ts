import { type GoStruct, goMap, goNullable, goString } from "../../go-value.ts";

/** How upstream's internal type prints where an error shows it. Source: pkg/apis/certificates/types.go. */
export const goPodCertificateRequestSpec: GoStruct = {
  SignerName: goString("signerName"),
  PodName: goString("podName"),
  PodUID: goString("podUID"),
  ServiceAccountName: goString("serviceAccountName"),
  ServiceAccountUID: goString("serviceAccountUID"),
  NodeName: goString("nodeName"),
  NodeUID: goString("nodeUID"),
  MaxExpirationSeconds: goNullable("maxExpirationSeconds"),
  PKIXPublicKey: goNullable("pkixPublicKey"),
  ProofOfPossession: goNullable("proofOfPossession"),
  StubPKCS10Request: goNullable("stubPKCS10Request"),
  UnverifiedUserAnnotations: goMap("unverifiedUserAnnotations"),
};
