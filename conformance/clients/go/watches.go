package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	kubeinformers "k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	watchtools "k8s.io/client-go/tools/watch"
)

// take reads so many events of a watch.
func take(ctx context.Context, events watch.Interface, count int) (told, versions []string) {
	defer events.Stop()
	for len(told) < count {
		select {
		case event, open := <-events.ResultChan():
			holds(open, "it ended after ", told)
			if event.Type == watch.Error {
				panic(unmet(apierrors.FromObject(event.Object).Error()))
			}
			one := must(meta.Accessor(event.Object))
			told = append(told, fmt.Sprintf("%s %s", event.Type, one.GetName()))
			versions = append(versions, one.GetResourceVersion())
		case <-ctx.Done():
			panic(unmet(fmt.Sprint("no more after ", told)))
		}
	}
	return told, versions
}

func watches(client kubernetes.Interface) {
	maps := client.CoreV1().ConfigMaps(namespace)
	from := func(version string) metav1.ListOptions {
		return metav1.ListOptions{ResourceVersion: version, LabelSelector: "watched"}
	}
	var told, versions []string
	check("a watch tells of changes in their order", func(ctx context.Context) {
		list := must(maps.List(ctx, metav1.ListOptions{}))
		events := must(maps.Watch(ctx, from(list.ResourceVersion)))
		createMap(ctx, client, "w1", nil, "watched")
		createMap(ctx, client, "w2", nil, "watched")
		createMap(ctx, client, "unseen", nil)
		must(maps.Patch(ctx, "w1", types.MergePatchType, []byte(`{"data": {"a": "2"}}`), metav1.PatchOptions{}))
		succeeds(maps.Delete(ctx, "w1", metav1.DeleteOptions{}))
		told, versions = take(ctx, events, 4)
		equal(told, []string{"ADDED w1", "ADDED w2", "MODIFIED w1", "DELETED w1"})
	})
	check("a watch resumes after any event", func(ctx context.Context) {
		for after := range versions[:3] {
			rest, _ := take(ctx, must(maps.Watch(ctx, from(versions[after]))), len(told)-after-1)
			equal(rest, told[after+1:])
		}
	})
	check("a watch from too old a version is told 410", func(ctx context.Context) {
		secrets := client.CoreV1().Secrets(os.Getenv("PAST_NAMESPACE"))
		events, err := secrets.Watch(ctx, metav1.ListOptions{ResourceVersion: os.Getenv("PAST_VERSION")})
		if err == nil {
			event := <-events.ResultChan()
			equal(event.Type, watch.Error)
			err = apierrors.FromObject(event.Object)
		}
		refused(err, 410, metav1.StatusReasonExpired)
	})
	check("a retrying watch outlives its connection", func(ctx context.Context) {
		list := must(maps.List(ctx, metav1.ListOptions{}))
		events := must(watchtools.NewRetryWatcherWithContext(ctx, list.ResourceVersion, &cache.ListWatch{
			WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
				options.LabelSelector = "retried"
				return maps.Watch(ctx, options)
			},
		}))
		createMap(ctx, client, "r1", nil, "retried")
		<-events.ResultChan()
		cutConnections()
		createMap(ctx, client, "r2", nil, "retried")
		rest, _ := take(ctx, events, 1)
		equal(rest, []string{"ADDED r2"})
	})
}

// diary is what an informer's handler was told.
type diary struct {
	sync.Mutex
	lines []string
}

func (d *diary) note(line string) {
	d.Lock()
	defer d.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) read() []string {
	d.Lock()
	defer d.Unlock()
	return slices.Clone(d.lines)
}

func (d *diary) awaits(lines ...string) {
	eventually(func() bool {
		seen := d.read()
		return !slices.ContainsFunc(lines, func(line string) bool { return !slices.Contains(seen, line) })
	}, func() any { return d.read() })
}

// handler writes the diary: events, names, and of ConfigMaps the value of a.
func (d *diary) handler() cache.ResourceEventHandler {
	line := func(verb string, object any) string {
		if gone, ok := object.(cache.DeletedFinalStateUnknown); ok {
			object = gone.Obj
		}
		text := verb + " " + must(meta.Accessor(object)).GetName()
		if one, ok := object.(*corev1.ConfigMap); ok {
			text += " " + one.Data["a"]
		}
		return text
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { d.note(line("add", object)) },
		UpdateFunc: func(_, object any) { d.note(line("update", object)) },
		DeleteFunc: func(object any) { d.note(line("delete", object)) },
	}
}

func informed(name, value string) *corev1.ConfigMap {
	return configMap(name, map[string]string{"a": value}, "informed")
}

func informers() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	config, record := loginProtobuf()
	client := kubernetes.NewForConfigOrDie(config)
	maps := client.CoreV1().ConfigMaps(namespace)
	factory := kubeinformers.NewSharedInformerFactoryWithOptions(client, 0,
		kubeinformers.WithNamespace(namespace),
		kubeinformers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = "informed" }))
	informer := factory.Core().V1().ConfigMaps()
	seen := &diary{}
	check("an informer starts with one watch that lists", func(checkCtx context.Context) {
		must(maps.Create(checkCtx, informed("i1", "1"), metav1.CreateOptions{}))
		must(informer.Informer().AddEventHandler(seen.handler()))
		factory.Start(ctx.Done())
		holds(cache.WaitForCacheSync(checkCtx.Done(), informer.Informer().HasSynced), "never synced")
		seen.awaits("add i1 1")
		watches := 0
		for _, one := range record.all() {
			if one.method != "GET" {
				continue
			}
			equal(one.query.Get("watch"), "true")
			equal(one.query.Get("sendInitialEvents"), "true")
			equal(one.answerType, protobuf+";stream=watch")
			watches++
		}
		equal(watches, 1)
	})
	check("it sees add, update and delete", func(ctx context.Context) {
		must(maps.Create(ctx, informed("i2", "1"), metav1.CreateOptions{}))
		must(maps.Update(ctx, informed("i2", "2"), metav1.UpdateOptions{}))
		succeeds(maps.Delete(ctx, "i2", metav1.DeleteOptions{}))
		seen.awaits("delete i2 2")
		equal(seen.read(), []string{"add i1 1", "add i2 1", "update i2 2", "delete i2 2"})
		equal(len(informer.Informer().GetStore().ListKeys()), 1)
	})
	check("it goes on where its connection was cut", func(ctx context.Context) {
		cutConnections()
		must(maps.Update(ctx, informed("i1", "3"), metav1.UpdateOptions{}))
		must(maps.Create(ctx, informed("i3", "1"), metav1.CreateOptions{}))
		seen.awaits("update i1 3", "add i3 1")
		succeeds(maps.Delete(ctx, "i1", metav1.DeleteOptions{}))
		seen.awaits("delete i1 3")
		equal(seen.read()[4:], []string{"update i1 3", "add i3 1", "delete i1 3"})
		equal(informer.Informer().GetStore().ListKeys(), []string{namespace + "/i3"})
	})
	check("an informer of metadata follows too", func(checkCtx context.Context) {
		config, record := loginProtobuf()
		factory := metadatainformer.NewFilteredSharedInformerFactory(metadata.NewForConfigOrDie(config), 0, namespace, nil)
		informer := factory.ForResource(corev1.SchemeGroupVersion.WithResource("configmaps")).Informer()
		seen := &diary{}
		must(informer.AddEventHandler(seen.handler()))
		factory.Start(ctx.Done())
		seen.awaits("add p1", "add i3")
		contains(record.last().accept, "as=PartialObjectMetadata")
		equal(record.last().answerType, protobuf+";stream=watch")
		succeeds(maps.Delete(checkCtx, "i3", metav1.DeleteOptions{}))
		seen.awaits("delete i3")
	})
}

func leaders(client kubernetes.Interface) {
	check("one of two leads, and the other after it", func(ctx context.Context) {
		told := &diary{}
		stand := func(name string) context.CancelFunc {
			ctx, cancel := context.WithCancel(ctx)
			elector := must(leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
				Lock: &resourcelock.LeaseLock{
					LeaseMeta:  metav1.ObjectMeta{Name: "leader", Namespace: namespace},
					Client:     client.CoordinationV1(),
					LockConfig: resourcelock.ResourceLockConfig{Identity: name},
				},
				ReleaseOnCancel: true,
				LeaseDuration:   5 * time.Second, RenewDeadline: 3 * time.Second, RetryPeriod: 200 * time.Millisecond,
				Callbacks: leaderelection.LeaderCallbacks{
					OnStartedLeading: func(context.Context) { told.note(name + " leads") },
					OnStoppedLeading: func() { told.note(name + " stops") },
				},
			}))
			go elector.Run(ctx)
			return cancel
		}
		retire := stand("a")
		told.awaits("a leads")
		defer stand("b")()
		retire()
		told.awaits("b leads")
		equal(strings.Join(told.read(), ", "), "a leads, a stops, b leads")
		lease := must(client.CoordinationV1().Leases(namespace).Get(ctx, "leader", metav1.GetOptions{}))
		equal([]any{*lease.Spec.HolderIdentity, *lease.Spec.LeaseTransitions}, []any{"b", int32(1)})
	})
}
