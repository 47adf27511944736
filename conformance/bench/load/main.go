// load makes one kind of load on an API server and prints what it saw as one line of JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"syscall"
	"time"
)

const pods = "/api/v1/namespaces/default/pods"

type result struct {
	Operations int     `json:"operations"`
	Seconds    float64 `json:"seconds"`
	// Bytes of bodies received, as they came.
	Bytes int64 `json:"bytes"`
	// ClientCPU is the load's own time in these Seconds: where both are near, the client is what was measured.
	ClientCPU float64 `json:"clientCpu"`
}

func main() {
	url := flag.String("url", "", "the server")
	token := flag.String("token", "", "bearer token")
	work := flag.String("work", "", "create, get, merge, apply, delete, list, list-gzip, watch or watch-leases")
	count := flag.Int("count", 1000, "operations; for watch: writes")
	clients := flag.Int("clients", 32, "connections that work at the same time; for watch: watchers")
	offset := flag.Int("offset", 0, "number of the first pod")
	flag.Parse()
	target, err := newServer(*url, *token)
	if err == nil {
		var seen result
		if seen, err = run(target, *work, *count, *clients, *offset); err == nil {
			err = json.NewEncoder(os.Stdout).Encode(seen)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(target *server, work string, count, clients, offset int) (result, error) {
	switch work {
	case "watch":
		create := func(i int) (request, error) { return podRequest("create", offset+i) }
		return watch(target, pods, create, count, clients)
	case "watch-leases":
		if err := createLeases(target); err != nil {
			return result{}, err
		}
		return watch(target, leases, renewal, count, clients)
	case "list", "list-gzip":
		list := request{method: "GET", path: pods, gzip: work == "list-gzip"}
		return spread(target, count, clients, func(int) request { return list })
	}
	return spreadMade(target, count, clients, func(i int) (request, error) { return podRequest(work, offset+i) })
}

// spreadMade makes all requests before the first is sent.
func spreadMade(target *server, count, clients int, next func(int) (request, error)) (result, error) {
	requests := make([]request, count)
	for i := range requests {
		made, err := next(i)
		if err != nil {
			return result{}, err
		}
		requests[i] = made
	}
	return spread(target, count, clients, func(i int) request { return requests[i] })
}

func podRequest(work string, number int) (request, error) {
	name := fmt.Sprintf("web-6d4b75cb6d-%05d", number)
	path := pods + "/" + name
	switch work {
	case "create":
		return request{method: "POST", path: pods, contentType: "application/json", body: podBody(name, "created")}, nil
	case "get":
		return request{method: "GET", path: path}, nil
	case "merge":
		body := []byte(`{"metadata":{"labels":{"step":"merged"},"annotations":{"note":"a merge patch"}}}`)
		return request{method: "PATCH", path: path, contentType: "application/merge-patch+json", body: body}, nil
	case "apply":
		query := "?fieldManager=load&force=true"
		return request{method: "PATCH", path: path + query, contentType: "application/apply-patch+yaml", body: podBody(name, "applied")}, nil
	case "delete":
		return request{method: "DELETE", path: path}, nil
	}
	return request{}, fmt.Errorf("no such work: %q", work)
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return (time.Duration(usage.Utime.Nano()) + time.Duration(usage.Stime.Nano())).Seconds()
}
