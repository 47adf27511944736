// Command rbac asks the RBAC authorizer of the API server, with the default policy and the drawn one of a corpus:
//
//	node ../../cli/rbac-corpus.ts | go run ./rbac > ../../cli/rbac-decisions.txt
//
// It prints one bit a question, the lowest first, in base64: 1 for allowed. Roles that aggregate others have the rules of
// those that their selectors match, in the order of the names, as the controller of aggregation writes them.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sort"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

type corpus struct {
	Policy struct {
		ClusterRoles        []rbacv1.ClusterRole
		ClusterRoleBindings []rbacv1.ClusterRoleBinding
		Roles               []rbacv1.Role
		RoleBindings        []rbacv1.RoleBinding
	}
	Questions []question
}

type question struct {
	User struct {
		Name   string
		Groups []string
	}
	Verb     string
	Path     string
	Resource *struct {
		Group, Version, Resource, Subresource, Namespace, Name string
	}
}

func main() {
	var drawn corpus
	if err := json.NewDecoder(os.Stdin).Decode(&drawn); err != nil {
		log.Fatal(err)
	}
	clusterRoles := append(bootstrappolicy.ClusterRoles(), bootstrappolicy.ControllerRoles()...)
	clusterRoles = append(clusterRoles, drawn.Policy.ClusterRoles...)
	aggregate(clusterRoles)
	clusterBindings := append(bootstrappolicy.ClusterRoleBindings(), bootstrappolicy.ControllerRoleBindings()...)
	clusterBindings = append(clusterBindings, drawn.Policy.ClusterRoleBindings...)
	roles, bindings := drawn.Policy.Roles, drawn.Policy.RoleBindings
	for _, own := range bootstrappolicy.NamespaceRoles() {
		roles = append(roles, own...)
	}
	for _, own := range bootstrappolicy.NamespaceRoleBindings() {
		bindings = append(bindings, own...)
	}
	_, static := validation.NewTestRuleResolver(pointers(roles), pointers(bindings), pointers(clusterRoles), pointers(clusterBindings))
	authorizer := rbac.New(static, static, static, static)
	bits := make([]byte, (len(drawn.Questions)+7)/8)
	allowed := 0
	for i, one := range drawn.Questions {
		if allows(authorizer, one) {
			bits[i/8] |= 1 << (i % 8)
			allowed++
		}
	}
	fmt.Fprintf(os.Stderr, "%d of %d allowed\n", allowed, len(drawn.Questions))
	fmt.Println(base64.StdEncoding.EncodeToString(bits))
}

func allows(rbac *rbac.RBACAuthorizer, asked question) bool {
	attributes := authorizer.AttributesRecord{
		User: &user.DefaultInfo{Name: asked.User.Name, Groups: asked.User.Groups},
		Verb: asked.Verb,
		Path: asked.Path,
	}
	if resource := asked.Resource; resource != nil {
		attributes.ResourceRequest = true
		attributes.APIGroup, attributes.APIVersion = resource.Group, resource.Version
		attributes.Resource, attributes.Subresource = resource.Resource, resource.Subresource
		attributes.Namespace, attributes.Name = resource.Namespace, resource.Name
	}
	decision, _, err := rbac.Authorize(context.Background(), attributes)
	if err != nil {
		log.Fatal(err)
	}
	return decision == authorizer.DecisionAllow
}

// Edit aggregates view, and admin aggregates edit: as many rounds as there are levels.
func aggregate(roles []rbacv1.ClusterRole) {
	sort.Slice(roles, func(i, j int) bool { return roles[i].Name < roles[j].Name })
	for round := 0; round < 3; round++ {
		for i := range roles {
			if roles[i].AggregationRule == nil {
				continue
			}
			var rules []rbacv1.PolicyRule
			for _, each := range roles[i].AggregationRule.ClusterRoleSelectors {
				selector, err := metav1.LabelSelectorAsSelector(&each)
				if err != nil {
					log.Fatal(err)
				}
				for j := range roles {
					if i != j && selector.Matches(labels.Set(roles[j].Labels)) {
						rules = append(rules, roles[j].Rules...)
					}
				}
			}
			roles[i].Rules = rules
		}
	}
}

func pointers[T any](items []T) []*T {
	all := make([]*T, len(items))
	for i := range items {
		all[i] = &items[i]
	}
	return all
}
