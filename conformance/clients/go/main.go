// Command hello does what people do with client-go and controller-runtime, and checks the server's answers.
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"

	"github.com/go-logr/logr/funcr"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

const (
	namespace = "go"
	protobuf  = "application/vnd.kubernetes.protobuf"
)

// exchange is what a client sent and got, below the library.
type exchange struct {
	method, path        string
	query               url.Values
	contentType, accept string
	answerType          string
	unzipped            bool
}

// recorder remembers the exchanges of a client.
type recorder struct {
	sync.Mutex
	exchanges []exchange
}

func (r *recorder) all() []exchange {
	r.Lock()
	defer r.Unlock()
	return append([]exchange{}, r.exchanges...)
}

func (r *recorder) last() exchange {
	all := r.all()
	return all[len(all)-1]
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// login gives the configuration of a context of the kubeconfig, and what its clients exchange.
func login(name string) (*rest.Config, *recorder) {
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		clientcmd.NewDefaultClientConfigLoadingRules(),
		&clientcmd.ConfigOverrides{CurrentContext: name},
	)
	config := must(loader.ClientConfig())
	config.QPS, config.Burst = 1000, 1000
	record := &recorder{}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) {
			answer, err := next.RoundTrip(request)
			if err != nil {
				return answer, err
			}
			record.Lock()
			defer record.Unlock()
			record.exchanges = append(record.exchanges, exchange{
				method: request.Method, path: request.URL.Path, query: request.URL.Query(),
				contentType: request.Header.Get("Content-Type"), accept: request.Header.Get("Accept"),
				answerType: answer.Header.Get("Content-Type"), unzipped: answer.Uncompressed,
			})
			return answer, nil
		})
	})
	return config, record
}

// loginProtobuf is login of an administrator who prefers protobuf.
func loginProtobuf() (*rest.Config, *recorder) {
	config, record := login("certificate")
	config.ContentType = protobuf
	config.AcceptContentTypes = protobuf + ",application/json"
	return config, record
}

func whoAmI(ctx context.Context, config *rest.Config) (authenticationv1.UserInfo, error) {
	reviews := kubernetes.NewForConfigOrDie(config).AuthenticationV1().SelfSubjectReviews()
	review, err := reviews.Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		return authenticationv1.UserInfo{}, err
	}
	return review.Status.UserInfo, nil
}

func logins() {
	check("a certificate logs in", func(ctx context.Context) {
		config, _ := login("certificate")
		user := must(whoAmI(ctx, config))
		contains(fmt.Sprint(user.Groups), "system:masters")
	})
	check("a token logs in", func(ctx context.Context) {
		config, _ := login("token")
		user := must(whoAmI(ctx, config))
		equal([]string{user.Username, user.UID}, []string{"admin", "u-admin"})
		equal(user.Groups, []string{"system:masters", "system:authenticated"})
	})
	check("a wrong token does not", func(ctx context.Context) {
		config, _ := login("stranger")
		_, err := whoAmI(ctx, config)
		refused(err, 401, metav1.StatusReasonUnauthorized)
	})
}

func main() {
	// Shown where a check fails.
	logger := funcr.New(func(prefix, args string) { fmt.Fprintln(os.Stderr, prefix, args) }, funcr.Options{})
	klog.SetLogger(logger)
	ctrl.SetLogger(logger)
	logins()
	config, record := loginProtobuf()
	client := kubernetes.NewForConfigOrDie(config)
	if os.Getenv("DOOR_CONTROL") == "" {
		fmt.Fprintln(os.Stderr, "run node conformance/clients/run.ts")
		os.Exit(2)
	}
	must(client.CoreV1().Namespaces().Create(context.Background(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{}))
	objects(client, record)
	lists(client, record)
	patches(client)
	applies(client)
	forms(config)
	watches(client)
	informers()
	leaders(client)
	customResources()
	controllers()
	fmt.Printf("end %d\n", checks)
}
