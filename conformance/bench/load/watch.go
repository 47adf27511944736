package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// The writers of the fan-out.
const writers = 8

// watch opens watchers on a path, makes the writes, and waits until every watcher has an event for each. An operation
// is an event that reached a watcher.
func watch(target *server, path string, write func(int) (request, error), writes, watchers int) (result, error) {
	revision, err := currentRevision(target, path)
	if err != nil {
		return result{}, err
	}
	bodies := make([]io.Reader, watchers)
	for i := range bodies {
		opened, err := target.connect()
		if err != nil {
			return result{}, err
		}
		defer opened.socket.Close()
		answer, err := opened.send(request{method: "GET", path: path + "?watch=true&resourceVersion=" + revision})
		if err != nil {
			return result{}, err
		}
		if answer.status != 200 {
			return result{}, fmt.Errorf("watch: %d", answer.status)
		}
		bodies[i] = answer.body
	}
	var received atomic.Int64
	failures := make(chan error, watchers)
	var group sync.WaitGroup
	start, cpu := time.Now(), cpuSeconds()
	for _, body := range bodies {
		group.Go(func() {
			n, err := readEvents(body, writes)
			received.Add(n)
			if err != nil {
				failures <- err
			}
		})
	}
	if _, err := spreadMade(target, writes, writers, write); err != nil {
		return result{}, err
	}
	group.Wait()
	seconds, used := time.Since(start).Seconds(), cpuSeconds()-cpu
	select {
	case err := <-failures:
		return result{}, err
	default:
		return result{Operations: writes * watchers, Seconds: seconds, Bytes: received.Load(), ClientCPU: used}, nil
	}
}

// readEvents returns after so many lines, each of which is an event.
func readEvents(body io.Reader, events int) (int64, error) {
	buffer := make([]byte, 64<<10)
	var received int64
	for events > 0 {
		n, err := body.Read(buffer)
		received += int64(n)
		events -= bytes.Count(buffer[:n], []byte{'\n'})
		if err != nil && events > 0 {
			return received, fmt.Errorf("a watch ended %d events early: %w", events, err)
		}
	}
	return received, nil
}

func currentRevision(target *server, path string) (string, error) {
	opened, err := target.connect()
	if err != nil {
		return "", err
	}
	defer opened.socket.Close()
	answer, err := opened.send(request{method: "GET", path: path + "?limit=1"})
	if err != nil {
		return "", err
	}
	var list struct {
		Metadata struct{ ResourceVersion string }
	}
	if err := json.NewDecoder(answer.body).Decode(&list); err != nil {
		return "", err
	}
	return list.Metadata.ResourceVersion, nil
}
