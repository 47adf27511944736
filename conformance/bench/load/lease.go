package main

import "fmt"

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"

// leaseCount is the number of nodes whose leases are renewed in turns.
const leaseCount = 64

// createLeases makes the leases of nodes as kubelets do.
func createLeases(target *server) error {
	_, err := spread(target, leaseCount, 1, func(i int) request {
		return request{method: "POST", path: leases, contentType: "application/json", body: []byte(fmt.Sprintf(leaseTemplate, i))}
	})
	return err
}

// renewal moves the time of a lease: what a cluster writes more often than anything else.
func renewal(i int) (request, error) {
	path := fmt.Sprintf("%s/node-%d", leases, i%leaseCount)
	body := fmt.Sprintf(`{"spec":{"renewTime":"2026-01-02T%02d:%02d:%02d.%06dZ"}}`, i/3600%24, i/60%60, i%60, i)
	return request{method: "PATCH", path: path, contentType: "application/merge-patch+json", body: []byte(body)}, nil
}

const leaseTemplate = `{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"node-%[1]d","ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"node-%[1]d","uid":"8b0c9e0a-9b1d-4a53-8d3c-6f1f7a3f5a11"}]},"spec":{"holderIdentity":"node-%[1]d","leaseDurationSeconds":40,"renewTime":"2026-01-01T00:00:00.000000Z"}}`
