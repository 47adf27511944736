import { validateIpAddress, validateIpAddressUpdate } from "../../../api/validation/networking/ip-address.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/networking/ipaddress. */
export const ipAddresses = defineResource({
  group: "networking.k8s.io",
  resource: "ipaddresses",
  strategy: { validate: validateIpAddress, validateUpdate: validateIpAddressUpdate },
});
