package main

import (
	"fmt"
	"strings"
)

// podBody is a pod as a Deployment's ReplicaSet makes it, about 4 KB as the server stores it.
func podBody(name, step string) []byte {
	return []byte(strings.NewReplacer("NAME", name, "STEP", step, "ENV", environment()).Replace(podTemplate))
}

func environment() string {
	var out strings.Builder
	for i := range 4 {
		fmt.Fprintf(&out, `{"name":"SETTING_%d","value":"https://service-%d.example.svc.cluster.local:8443/"},`, i, i)
	}
	out.WriteString(`{"name":"POD_IP","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"status.podIP"}}}`)
	return out.String()
}

const podTemplate = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME","labels":{"app":"web","app.kubernetes.io/component":"frontend","app.kubernetes.io/part-of":"shop","pod-template-hash":"6d4b75cb6d","step":"STEP"},"annotations":{"checksum/config":"0f343b0931126a20f133d67c2b018a3b0c2d3ea1e4fd32f81ab1fb5ec1f41e0d","prometheus.io/scrape":"true"}},` +
	`"spec":{"containers":[{"name":"app","image":"registry.example/shop/web:1.42.0","args":["--listen=:8080","--verbose"],"ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],"env":[ENV],"resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"100m","memory":"128Mi"}},` +
	`"livenessProbe":{"httpGet":{"path":"/healthz","port":"http"},"periodSeconds":10},"readinessProbe":{"httpGet":{"path":"/ready","port":"http"},"periodSeconds":5},"volumeMounts":[{"name":"config","mountPath":"/etc/app","readOnly":true},{"name":"scratch","mountPath":"/tmp"}],"securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}}}],` +
	`"volumes":[{"name":"config","configMap":{"name":"web-config"}},{"name":"scratch","emptyDir":{}}],"tolerations":[{"key":"dedicated","operator":"Equal","value":"web","effect":"NoSchedule"}],"securityContext":{"runAsNonRoot":true,"runAsUser":1000},"terminationGracePeriodSeconds":30}}`
