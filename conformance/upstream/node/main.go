// Command node asks the Node authorizer of the API server about the drawn objects of a corpus:
//
//	node ../../cli/node-corpus.ts | go run ./node > ../../cli/node-decisions.txt
//
// It prints one bit a question, the lowest first, in base64: 1 for allowed.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/kubernetes/pkg/auth/nodeidentifier"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/node"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

type corpus struct {
	Changes   []change
	Questions []question
}

type change struct {
	Kind   string
	Type   string
	Object json.RawMessage
}

type question struct {
	User struct {
		Name   string
		Groups []string
	}
	Verb     string
	Resource struct {
		Group, Version, Resource, Subresource, Namespace, Name string

		FieldSelector []struct{ Field, Operator, Value string }
	}
}

func main() {
	var drawn corpus
	if err := json.NewDecoder(os.Stdin).Decode(&drawn); err != nil {
		log.Fatal(err)
	}
	node.RegisterMetrics()
	graph := node.NewGraph()
	for _, one := range drawn.Changes {
		apply(graph, one)
	}
	nodes := node.NewAuthorizer(graph, nodeidentifier.NewDefaultNodeIdentifier(), bootstrappolicy.NodeRules())
	bits := make([]byte, (len(drawn.Questions)+7)/8)
	allowed := 0
	for i, one := range drawn.Questions {
		if allows(nodes, one) {
			bits[i/8] |= 1 << (i % 8)
			allowed++
		}
	}
	fmt.Fprintf(os.Stderr, "%d of %d allowed\n", allowed, len(drawn.Questions))
	fmt.Println(base64.StdEncoding.EncodeToString(bits))
}

// As graph_populator.go tells the graph of what informers see.
func apply(graph *node.Graph, one change) {
	gone := one.Type == "delete"
	switch one.Kind {
	case "Pod":
		pod := decode[corev1.Pod](one.Object)
		if pod.Spec.NodeName == "" {
			return
		}
		if gone {
			graph.DeletePod(pod.Name, pod.Namespace)
		} else {
			graph.AddPod(pod)
		}
	case "PersistentVolume":
		volume := decode[corev1.PersistentVolume](one.Object)
		if gone {
			graph.DeletePV(volume.Name)
		} else {
			graph.AddPV(volume)
		}
	case "VolumeAttachment", "ResourceSlice":
		named := decode[struct {
			Metadata struct{ Name string }
			Spec     struct{ NodeName string }
		}](one.Object)
		name, nodeName := named.Metadata.Name, named.Spec.NodeName
		switch {
		case one.Kind == "VolumeAttachment" && gone:
			graph.DeleteVolumeAttachment(name)
		case one.Kind == "VolumeAttachment":
			graph.AddVolumeAttachment(name, nodeName)
		case gone:
			graph.DeleteResourceSlice(name)
		default:
			graph.AddResourceSlice(name, nodeName)
		}
	}
}

func decode[T any](text json.RawMessage) *T {
	value := new(T)
	if err := json.Unmarshal(text, value); err != nil {
		log.Fatal(err)
	}
	return value
}

func allows(nodes *node.NodeAuthorizer, asked question) bool {
	resource := asked.Resource
	attributes := authorizer.AttributesRecord{
		User:            &user.DefaultInfo{Name: asked.User.Name, Groups: asked.User.Groups},
		Verb:            asked.Verb,
		ResourceRequest: true,
		APIGroup:        resource.Group,
		APIVersion:      resource.Version,
		Resource:        resource.Resource,
		Subresource:     resource.Subresource,
		Namespace:       resource.Namespace,
		Name:            resource.Name,
	}
	for _, one := range resource.FieldSelector {
		operator := selection.Equals
		if one.Operator == "!=" {
			operator = selection.NotEquals
		}
		attributes.FieldSelectorRequirements = append(attributes.FieldSelectorRequirements,
			fields.Requirement{Field: one.Field, Operator: operator, Value: one.Value})
	}
	decision, _, err := nodes.Authorize(context.Background(), attributes)
	if err != nil {
		log.Fatal(err)
	}
	return decision == authorizer.DecisionAllow
}
