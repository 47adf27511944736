package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// spread sends count requests over as many connections as there are clients; each takes the next when it is done.
func spread(target *server, count, clients int, next func(int) request) (result, error) {
	connections := make([]*connection, clients)
	for i := range connections {
		opened, err := target.connect()
		if err != nil {
			return result{}, err
		}
		defer opened.socket.Close()
		connections[i] = opened
	}
	var taken, received atomic.Int64
	failures := make(chan error, clients)
	var group sync.WaitGroup
	start, cpu := time.Now(), cpuSeconds()
	for _, each := range connections {
		group.Go(func() {
			for {
				i := int(taken.Add(1)) - 1
				if i >= count {
					return
				}
				n, err := each.finish(next(i))
				if err != nil {
					failures <- err
					return
				}
				received.Add(n)
			}
		})
	}
	group.Wait()
	seconds, used := time.Since(start).Seconds(), cpuSeconds()-cpu
	select {
	case err := <-failures:
		return result{}, err
	default:
		return result{Operations: count, Seconds: seconds, Bytes: received.Load(), ClientCPU: used}, nil
	}
}

// finish reads the whole answer, which must be a success.
func (c *connection) finish(r request) (int64, error) {
	answer, err := c.send(r)
	if err != nil {
		return 0, err
	}
	if answer.status >= 300 {
		text, _ := io.ReadAll(answer.body)
		return 0, fmt.Errorf("%s %s: %d %s", r.method, r.path, answer.status, text)
	}
	return io.Copy(io.Discard, answer.body)
}
