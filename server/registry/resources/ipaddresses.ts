import { validateIpAddress, validateIpAddressUpdate } from "../../../api/validation/networking/ip-address.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/networking/ipaddress. */
export const ipAddresses = defineResource({
  group: "networking.k8s.io",
  resource: "ipaddresses",
  strategy: {
    // No suffix makes an address of what is none.
    generateName: (base) => base,
    validate: validateIpAddress,
    validateUpdate: validateIpAddressUpdate,
  },
});
