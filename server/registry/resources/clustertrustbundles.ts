import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateClusterTrustBundle,
  validateClusterTrustBundleUpdate,
} from "../../../api/validation/certificates/cluster-trust-bundle.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/certificates/clustertrustbundle. */
export const clusterTrustBundles = defineResource<
  ObjectOf<"io.k8s.api.certificates.v1beta1.ClusterTrustBundle">
>({
  group: "certificates.k8s.io",
  resource: "clustertrustbundles",
  strategy: {
    allowUnconditionalUpdate: false,
    validate: (bundle) => validateClusterTrustBundle(bundle),
    validateUpdate: validateClusterTrustBundleUpdate,
  },
  selectableFields: { "spec.signerName": ({ spec }) => spec.signerName ?? "" },
});
