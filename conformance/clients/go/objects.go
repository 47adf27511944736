package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	applyappsv1 "k8s.io/client-go/applyconfigurations/apps/v1"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	applymetav1 "k8s.io/client-go/applyconfigurations/meta/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/retry"
)

func configMap(name string, data map[string]string, labels ...string) *corev1.ConfigMap {
	made := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: data}
	for _, label := range labels {
		metav1.SetMetaDataLabel(&made.ObjectMeta, label, "x")
	}
	return made
}

func createMap(ctx context.Context, client kubernetes.Interface, name string, data map[string]string, labels ...string) *corev1.ConfigMap {
	made := configMap(name, data, labels...)
	return must(client.CoreV1().ConfigMaps(namespace).Create(ctx, made, metav1.CreateOptions{}))
}

func deployment(name string) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "web", Image: "nginx:1"}}},
			},
		},
	}
}

func namesOf(items []corev1.ConfigMap) []string {
	names := []string{}
	for _, item := range items {
		names = append(names, item.Name)
	}
	return names
}

func objects(client kubernetes.Interface, record *recorder) {
	maps := client.CoreV1().ConfigMaps(namespace)
	var made *corev1.ConfigMap
	check("an object goes and comes as protobuf", func(ctx context.Context) {
		made = createMap(ctx, client, "crud", map[string]string{"a": "1"})
		sent := record.last()
		equal([]string{sent.method, sent.contentType, sent.answerType}, []string{"POST", protobuf, protobuf})
		holds(made.UID != "" && made.ResourceVersion != "" && !made.CreationTimestamp.IsZero(), made)
		equal(made.Data, map[string]string{"a": "1"})
	})
	check("it is read as it was written", func(ctx context.Context) {
		equal(must(maps.Get(ctx, "crud", metav1.GetOptions{})), made)
		equal(record.last().answerType, protobuf)
	})
	check("JSON tells the same", func(ctx context.Context) {
		config, record := login("token")
		config.ContentType = runtime.ContentTypeJSON
		plain := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps(namespace)
		equal(must(plain.Get(ctx, "crud", metav1.GetOptions{})), made)
		equal(record.last().answerType, "application/json")
	})
	check("it cannot be created twice", func(ctx context.Context) {
		_, err := maps.Create(ctx, configMap("crud", nil), metav1.CreateOptions{})
		status := refused(err, 409, metav1.StatusReasonAlreadyExists)
		equal(status.Message, `configmaps "crud" already exists`)
		equal(*status.Details, metav1.StatusDetails{Name: "crud", Kind: "configmaps"})
	})
	check("it is updated, and a stale update is refused", func(ctx context.Context) {
		changed := made.DeepCopy()
		changed.Data = map[string]string{"b": "2"}
		now := must(maps.Update(ctx, changed, metav1.UpdateOptions{}))
		equal(now.Data, changed.Data)
		_, err := maps.Update(ctx, made, metav1.UpdateOptions{})
		contains(refused(err, 409, metav1.StatusReasonConflict).Message, "the object has been modified")
	})
	check("a conflict is retried", func(ctx context.Context) {
		tries := 0
		succeeds(retry.RetryOnConflict(retry.DefaultRetry, func() error {
			current := made.DeepCopy()
			if tries++; tries > 1 {
				current = must(maps.Get(ctx, "crud", metav1.GetOptions{}))
			}
			current.Data = map[string]string{"c": "3"}
			_, err := maps.Update(ctx, current, metav1.UpdateOptions{})
			return err
		}))
		equal(tries, 2)
	})
	check("an invalid object is refused with its fields", func(ctx context.Context) {
		_, err := client.AppsV1().Deployments(namespace).Create(ctx, deployment("Bad_Name"), metav1.CreateOptions{})
		causes := refused(err, 422, metav1.StatusReasonInvalid).Details.Causes
		equal([]any{causes[0].Type, causes[0].Field}, []any{metav1.CauseTypeFieldValueInvalid, "metadata.name"})
	})
	check("a dry run changes nothing", func(ctx context.Context) {
		must(maps.Create(ctx, configMap("dry", nil), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}))
		_, err := maps.Get(ctx, "dry", metav1.GetOptions{})
		refused(err, 404, metav1.StatusReasonNotFound)
	})
	check("it is deleted, alone and in a collection", func(ctx context.Context) {
		succeeds(maps.Delete(ctx, "crud", metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(made.UID))}))
		refused(maps.Delete(ctx, "crud", metav1.DeleteOptions{}), 404, metav1.StatusReasonNotFound)
		createMap(ctx, client, "d1", nil, "doomed")
		createMap(ctx, client, "d2", nil, "doomed")
		createMap(ctx, client, "kept", nil)
		succeeds(maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "doomed"}))
		names := namesOf(must(maps.List(ctx, metav1.ListOptions{})).Items)
		holds(!slices.Contains(names, "d1") && slices.Contains(names, "kept"), names)
	})
}

func lists(client kubernetes.Interface, record *recorder) {
	maps := client.CoreV1().ConfigMaps(namespace)
	for _, name := range []string{"p1", "p2", "p3", "p4", "p5"} {
		createMap(context.Background(), client, name, map[string]string{"big": strings.Repeat("x", 50_000)}, "page")
	}
	check("the pager puts pages together", func(ctx context.Context) {
		before := len(record.all())
		list := pager.New(pager.SimplePageFunc(func(options metav1.ListOptions) (runtime.Object, error) {
			return maps.List(ctx, options)
		}))
		list.PageSize = 2
		names := []string{}
		succeeds(list.EachListItem(ctx, metav1.ListOptions{LabelSelector: "page"}, func(one runtime.Object) error {
			names = append(names, one.(*corev1.ConfigMap).Name)
			return nil
		}))
		equal(names, []string{"p1", "p2", "p3", "p4", "p5"})
		equal(len(record.all())-before, 3)
	})
	check("large answers come compressed", func(ctx context.Context) {
		equal(len(must(maps.List(ctx, metav1.ListOptions{LabelSelector: "page"})).Items), 5)
		holds(record.last().unzipped, "not compressed")
		must(maps.Get(ctx, "p1", metav1.GetOptions{}))
		holds(!record.last().unzipped, "compressed though small")
	})
	check("a list that expired is begun again by the pager", func(ctx context.Context) {
		secrets := client.CoreV1().Secrets(os.Getenv("PAST_NAMESPACE"))
		token := os.Getenv("PAST_CONTINUE")
		_, err := secrets.List(ctx, metav1.ListOptions{Continue: token})
		status := refused(err, 410, metav1.StatusReasonExpired)
		equal(len(must(secrets.List(ctx, metav1.ListOptions{Continue: status.ListMeta.Continue})).Items), 2)
		// The pager's second page is the expired one.
		pages := 0
		all, _, err := pager.New(pager.SimplePageFunc(func(options metav1.ListOptions) (runtime.Object, error) {
			if options.Continue != "" {
				options.Continue = token
			}
			pages++
			if options.Limit > 0 {
				options.Limit = 1
			}
			return secrets.List(ctx, options)
		})).List(ctx, metav1.ListOptions{})
		succeeds(err)
		equal([]int{len(all.(*corev1.SecretList).Items), pages}, []int{3, 3})
	})
}

func patches(client kubernetes.Interface) {
	deployments := client.AppsV1().Deployments(namespace)
	must(deployments.Create(context.Background(), deployment("patched"), metav1.CreateOptions{}))
	patch := func(ctx context.Context, kind types.PatchType, body string, subresources ...string) (*appsv1.Deployment, error) {
		return deployments.Patch(ctx, "patched", kind, []byte(body), metav1.PatchOptions{}, subresources...)
	}
	check("a JSON patch", func(ctx context.Context) {
		now := must(patch(ctx, types.JSONPatchType, `[{"op": "test", "path": "/spec/replicas", "value": 1},
			{"op": "replace", "path": "/spec/replicas", "value": 2}]`))
		equal([]any{*now.Spec.Replicas, now.Generation}, []any{int32(2), int64(2)})
		_, err := patch(ctx, types.JSONPatchType, `[{"op": "test", "path": "/spec/replicas", "value": 1}]`)
		refused(err, 422, metav1.StatusReasonInvalid)
	})
	images := func(now *appsv1.Deployment) string {
		images := []string{}
		for _, container := range now.Spec.Template.Spec.Containers {
			images = append(images, container.Name+"="+container.Image)
		}
		return strings.Join(images, " ")
	}
	check("a merge patch replaces lists", func(ctx context.Context) {
		now := must(patch(ctx, types.MergePatchType, `{"spec": {"template": {"spec": {"containers": [{"name": "other", "image": "busybox:1"}]}}}}`))
		equal(images(now), "other=busybox:1")
	})
	check("a strategic merge patch merges lists by name", func(ctx context.Context) {
		now := must(patch(ctx, types.StrategicMergePatchType, `{"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:2"}]}}}}`))
		equal(images(now), "web=nginx:2 other=busybox:1")
		now = must(patch(ctx, types.StrategicMergePatchType, `{"spec": {"template": {"spec": {"containers": [{"name": "other", "$patch": "delete"}]}}}}`))
		equal(images(now), "web=nginx:2")
	})
	check("status is patched apart", func(ctx context.Context) {
		before := must(deployments.Get(ctx, "patched", metav1.GetOptions{}))
		now := must(patch(ctx, types.MergePatchType, `{"spec": {"replicas": 9}, "status": {"replicas": 3}}`, "status"))
		equal(now.Spec, before.Spec)
		equal([]any{now.Status.Replicas, now.Generation}, []any{int32(3), before.Generation})
	})
	check("scale is a view of the deployment", func(ctx context.Context) {
		scale := must(deployments.GetScale(ctx, "patched", metav1.GetOptions{}))
		equal(scale.Status.Selector, "app=patched")
		scale.Spec.Replicas = 5
		must(deployments.UpdateScale(ctx, "patched", scale, metav1.UpdateOptions{}))
		equal(*must(deployments.Get(ctx, "patched", metav1.GetOptions{})).Spec.Replicas, int32(5))
		equal(*scale, autoscalingv1.Scale{TypeMeta: scale.TypeMeta, ObjectMeta: scale.ObjectMeta, Spec: scale.Spec, Status: scale.Status})
	})
}

func applies(client kubernetes.Interface) {
	deployments := client.AppsV1().Deployments(namespace)
	labels := map[string]string{"app": "applied"}
	container := func(image string) *applycorev1.ContainerApplyConfiguration {
		return applycorev1.Container().WithName("web").WithImage(image)
	}
	wanted := func(image string) *applyappsv1.DeploymentApplyConfiguration {
		return applyappsv1.Deployment("applied", namespace).WithSpec(applyappsv1.DeploymentSpec().
			WithReplicas(2).
			WithSelector(applymetav1.LabelSelector().WithMatchLabels(labels)).
			WithTemplate(applycorev1.PodTemplateSpec().WithLabels(labels).
				WithSpec(applycorev1.PodSpec().WithContainers(container(image)))))
	}
	check("typed apply configurations create, and are extracted again", func(ctx context.Context) {
		now := must(deployments.Apply(ctx, wanted("nginx:1"), metav1.ApplyOptions{FieldManager: "one"}))
		equal([]any{now.ManagedFields[0].Manager, now.ManagedFields[0].Operation},
			[]any{"one", metav1.ManagedFieldsOperationApply})
		extracted := must(applyappsv1.ExtractDeployment(now, "one"))
		equal(string(must(json.Marshal(extracted))), string(must(json.Marshal(wanted("nginx:1")))))
	})
	check("another manager conflicts, and force wins", func(ctx context.Context) {
		_, err := deployments.Apply(ctx, wanted("nginx:2"), metav1.ApplyOptions{FieldManager: "two"})
		status := refused(err, 409, metav1.StatusReasonConflict)
		equal(status.Details.Causes[0].Type, metav1.CauseTypeFieldManagerConflict)
		equal(status.Details.Causes[0].Field, `.spec.template.spec.containers[name="web"].image`)
		now := must(deployments.Apply(ctx, wanted("nginx:2"), metav1.ApplyOptions{FieldManager: "two", Force: true}))
		equal(now.Spec.Template.Spec.Containers[0].Image, "nginx:2")
	})
	check("what nobody applies any more goes", func(ctx context.Context) {
		less := wanted("nginx:2")
		less.Spec.Replicas = nil
		must(deployments.Apply(ctx, less, metav1.ApplyOptions{FieldManager: "two"}))
		one := applyappsv1.Deployment("applied", namespace)
		now := must(deployments.Apply(ctx, one, metav1.ApplyOptions{FieldManager: "one"}))
		// The default.
		equal(*now.Spec.Replicas, int32(1))
	})
	check("status is applied apart", func(ctx context.Context) {
		status := applyappsv1.Deployment("applied", namespace).
			WithStatus(applyappsv1.DeploymentStatus().WithReadyReplicas(1).WithReplicas(1))
		now := must(deployments.ApplyStatus(ctx, status, metav1.ApplyOptions{FieldManager: "status"}))
		equal(now.Status.ReadyReplicas, int32(1))
		applied := func(entry metav1.ManagedFieldsEntry) bool {
			return entry.Manager == "status" && entry.Subresource == "status"
		}
		holds(slices.ContainsFunc(now.ManagedFields, applied), now.ManagedFields)
	})
}

// forms are the other faces of the API: discovery, documents, tables, metadata alone.
func forms(config *rest.Config) {
	check("groups and resources are discovered at once", func(ctx context.Context) {
		config, record := login("certificate")
		client := discovery.NewDiscoveryClientForConfigOrDie(config)
		version := must(client.ServerVersion())
		equal(version.Major+"."+version.Minor, "1.36")
		_, resources, err := client.ServerGroupsAndResources()
		succeeds(err)
		kinds := map[string]string{}
		for _, list := range resources {
			for _, one := range list.APIResources {
				kinds[list.GroupVersion+" "+one.Name] = one.Kind
			}
		}
		equal(kinds["apps/v1 deployments"], "Deployment")
		equal(kinds["v1 pods/eviction"], "Eviction")
		asked := 0
		for _, one := range record.all() {
			if one.path == "/api" || one.path == "/apis" {
				contains(one.answerType, "as=APIGroupDiscoveryList")
			}
			asked++
		}
		equal(asked, 3)
	})
	check("the OpenAPI documents are read", func(ctx context.Context) {
		client := discovery.NewDiscoveryClientForConfigOrDie(config)
		document := must(client.OpenAPISchema())
		holds(len(document.Definitions.AdditionalProperties) > 500, "few definitions")
		paths := must(client.OpenAPIV3().Paths())
		schema := must(paths["apis/apps/v1"].Schema("application/json"))
		contains(string(schema), `"io.k8s.api.apps.v1.Deployment"`)
		schema = must(paths["api/v1"].Schema("application/com.github.proto-openapi.spec.v3.v1.0+protobuf"))
		holds(len(schema) > 100_000, len(schema))
	})
	check("lists are tables where that is asked for", func(ctx context.Context) {
		plain, _ := login("certificate")
		body := must(kubernetes.NewForConfigOrDie(plain).CoreV1().RESTClient().Get().
			Namespace(namespace).Resource("configmaps").Param("labelSelector", "page").
			SetHeader("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").DoRaw(ctx))
		table := metav1.Table{}
		succeeds(json.Unmarshal(body, &table))
		columns := []string{}
		for _, column := range table.ColumnDefinitions {
			columns = append(columns, column.Name)
		}
		equal(columns, []string{"Name", "Data", "Age"})
		equal(fmt.Sprint(table.Rows[0].Cells[:2]), "[p1 1]")
		equal(len(table.Rows), 5)
	})
	check("the metadata client lists metadata only", func(ctx context.Context) {
		config, record := loginProtobuf()
		client := metadata.NewForConfigOrDie(config)
		list := must(client.Resource(corev1.SchemeGroupVersion.WithResource("configmaps")).
			Namespace(namespace).List(ctx, metav1.ListOptions{LabelSelector: "page"}))
		equal([]any{len(list.Items), list.Items[0].Name}, []any{5, "p1"})
		contains(record.last().accept, "as=PartialObjectMetadataList")
		equal(record.last().answerType, protobuf)
	})
}
