package main

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	applymetav1 "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

var greetings = schema.GroupVersionResource{Group: "go.example.com", Version: "v1", Resource: "greetings"}

func greeting(name, text string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "go.example.com/v1", "kind": "Greeting",
		"metadata": map[string]any{"name": name, "namespace": namespace},
		"spec":     map[string]any{"text": text},
	}}
}

func definition() *apiextensionsv1.CustomResourceDefinition {
	defaultTimes := apiextensionsv1.JSON{Raw: []byte("1")}
	object := func(properties map[string]apiextensionsv1.JSONSchemaProps) apiextensionsv1.JSONSchemaProps {
		return apiextensionsv1.JSONSchemaProps{Type: "object", Properties: properties}
	}
	root := object(map[string]apiextensionsv1.JSONSchemaProps{
		"spec": object(map[string]apiextensionsv1.JSONSchemaProps{
			"text": {Type: "string"}, "times": {Type: "integer", Default: &defaultTimes},
		}),
		"status": object(map[string]apiextensionsv1.JSONSchemaProps{"said": {Type: "integer"}}),
	})
	return &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "greetings.go.example.com"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "go.example.com", Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "greetings", Kind: "Greeting"},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true,
				Schema:       &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &root},
				Subresources: &apiextensionsv1.CustomResourceSubresources{Status: &apiextensionsv1.CustomResourceSubresourceStatus{}},
			}},
		},
	}
}

func customResources() {
	config, _ := login("certificate")
	custom := dynamic.NewForConfigOrDie(config).Resource(greetings).Namespace(namespace)
	spec := func(one *unstructured.Unstructured) string { return fmt.Sprint(one.Object["spec"]) }
	check("a definition written as protobuf is established", func(ctx context.Context) {
		config, _ := loginProtobuf()
		definitions := apiextensions.NewForConfigOrDie(config).ApiextensionsV1().CustomResourceDefinitions()
		made := must(definitions.Create(ctx, definition(), metav1.CreateOptions{}))
		established := func() bool {
			for _, condition := range must(definitions.Get(ctx, made.Name, metav1.GetOptions{})).Status.Conditions {
				if condition.Type == apiextensionsv1.Established && condition.Status == apiextensionsv1.ConditionTrue {
					return true
				}
			}
			return false
		}
		eventually(established, func() any { return "not established" })
	})
	check("the dynamic client writes, patches and applies custom objects", func(ctx context.Context) {
		equal(spec(must(custom.Create(ctx, greeting("hello", "hi"), metav1.CreateOptions{}))), "map[text:hi times:1]")
		patch := []byte(`{"spec": {"times": 2}}`)
		now := must(custom.Patch(ctx, "hello", types.MergePatchType, patch, metav1.PatchOptions{}))
		equal(spec(now), "map[text:hi times:2]")
		now = must(custom.Apply(ctx, "hello", greeting("hello", "ho"), metav1.ApplyOptions{FieldManager: "one", Force: true}))
		equal(spec(now), "map[text:ho times:2]")
		_, err := custom.Patch(ctx, "hello", types.StrategicMergePatchType, patch, metav1.PatchOptions{})
		refused(err, 415, metav1.StatusReasonUnsupportedMediaType)
		wrong := greeting("wrong", "")
		wrong.Object["spec"] = map[string]any{"text": int64(1)}
		_, err = custom.Create(ctx, wrong, metav1.CreateOptions{})
		refused(err, 422, metav1.StatusReasonInvalid)
	})
	check("status is a view of its own", func(ctx context.Context) {
		one := must(custom.Get(ctx, "hello", metav1.GetOptions{}))
		one.Object["status"] = map[string]any{"said": int64(2)}
		one.Object["spec"] = map[string]any{}
		now := must(custom.UpdateStatus(ctx, one, metav1.UpdateOptions{}))
		equal(spec(now), "map[text:ho times:2]")
		equal(fmt.Sprint(now.Object["status"]), "map[said:2]")
	})
	check("a dynamic informer follows them", func(ctx context.Context) {
		factory := dynamicinformer.NewDynamicSharedInformerFactory(dynamic.NewForConfigOrDie(config), 0)
		seen := &diary{}
		must(factory.ForResource(greetings).Informer().AddEventHandler(seen.handler()))
		factory.Start(ctx.Done())
		seen.awaits("add hello")
		must(custom.Create(ctx, greeting("bye", "bye"), metav1.CreateOptions{}))
		seen.awaits("add bye")
		cutConnections()
		succeeds(custom.Delete(ctx, "bye", metav1.DeleteOptions{}))
		seen.awaits("delete bye")
	})
}

// copier keeps for each ConfigMap with the label "source" a Secret with the same data, by server-side apply.
type copier struct{ client.Client }

const finalizer = "go.example.com/copied"

func (c *copier) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	source := &corev1.ConfigMap{}
	if err := c.Get(ctx, request.NamespacedName, source); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if _, ok := source.Labels["source"]; !ok {
		return ctrl.Result{}, nil
	}
	if !source.DeletionTimestamp.IsZero() {
		copied := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: source.Name, Namespace: source.Namespace}}
		if err := client.IgnoreNotFound(c.Delete(ctx, copied)); err != nil {
			return ctrl.Result{}, err
		}
		controllerutil.RemoveFinalizer(source, finalizer)
		return ctrl.Result{}, c.Update(ctx, source)
	}
	if controllerutil.AddFinalizer(source, finalizer) {
		if err := c.Update(ctx, source); err != nil {
			return ctrl.Result{}, err
		}
	}
	copied := applycorev1.Secret(source.Name, source.Namespace).WithStringData(source.Data).WithLabels(map[string]string{"copy": "x"})
	owned := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: source.Namespace}}
	if err := controllerutil.SetControllerReference(source, owned, c.Scheme()); err != nil {
		return ctrl.Result{}, err
	}
	owner := owned.OwnerReferences[0]
	copied.WithOwnerReferences(ownerReference(owner))
	return ctrl.Result{}, c.Apply(ctx, copied, client.FieldOwner("copier"), client.ForceOwnership)
}

func controllers() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	config, _ := login("certificate")
	var direct client.Client
	sourceOf := func(value string) *corev1.ConfigMap {
		made := configMap("source", map[string]string{"a": value}, "source")
		made.Namespace = namespace
		return made
	}
	secret := func(ctx context.Context) string {
		one := &corev1.Secret{}
		if err := direct.Get(ctx, client.ObjectKey{Namespace: namespace, Name: "source"}, one); err != nil {
			return err.Error()
		}
		return string(one.Data["a"])
	}
	becomes := func(ctx context.Context, value string) {
		eventually(func() bool { return secret(ctx) == value }, func() any { return secret(ctx) })
	}
	check("a manager starts, elects itself and reconciles", func(checkCtx context.Context) {
		manager := must(ctrl.NewManager(config, ctrl.Options{
			Metrics:        server.Options{BindAddress: "0"},
			LeaderElection: true, LeaderElectionID: "copier", LeaderElectionNamespace: namespace,
		}))
		direct = must(client.New(config, client.Options{}))
		succeeds(ctrl.NewControllerManagedBy(manager).For(&corev1.ConfigMap{}).Owns(&corev1.Secret{}).
			Complete(&copier{manager.GetClient()}))
		succeeds(manager.GetFieldIndexer().IndexField(ctx, &corev1.Secret{}, "type", func(one client.Object) []string {
			return []string{string(one.(*corev1.Secret).Type)}
		}))
		go manager.Start(ctx)
		succeeds(direct.Create(checkCtx, sourceOf("1")))
		becomes(checkCtx, "1")
		cached := &corev1.SecretList{}
		find := func() bool {
			succeeds(manager.GetClient().List(checkCtx, cached, client.InNamespace(namespace),
				client.MatchingFields{"type": string(corev1.SecretTypeOpaque)}, client.HasLabels{"copy"}))
			return len(cached.Items) == 1
		}
		eventually(find, func() any { return cached.Items })
	})
	check("it reconciles what it owns", func(ctx context.Context) {
		doomed := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "source", Namespace: namespace}}
		succeeds(direct.Delete(ctx, doomed))
		becomes(ctx, "1")
	})
	check("it goes on where its connections were cut", func(ctx context.Context) {
		cutConnections()
		patch := client.RawPatch(types.MergePatchType, []byte(`{"data": {"a": "2"}}`))
		succeeds(direct.Patch(ctx, sourceOf("2"), patch))
		becomes(ctx, "2")
	})
	check("its finalizer holds a deletion until it has cleaned up", func(ctx context.Context) {
		succeeds(direct.Delete(ctx, sourceOf("")))
		becomes(ctx, `secrets "source" not found`)
		gone := func() bool {
			err := direct.Get(ctx, client.ObjectKey{Namespace: namespace, Name: "source"}, &corev1.ConfigMap{})
			return client.IgnoreNotFound(err) == nil && err != nil
		}
		eventually(gone, func() any { return "there" })
	})
}

func ownerReference(owner metav1.OwnerReference) *applymetav1.OwnerReferenceApplyConfiguration {
	return applymetav1.OwnerReference().WithAPIVersion(owner.APIVersion).WithKind(owner.Kind).
		WithName(owner.Name).WithUID(owner.UID).WithController(*owner.Controller).
		WithBlockOwnerDeletion(*owner.BlockOwnerDeletion)
}
