package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// patience is how long something may take that the server does in its own time.
const patience = 30 * time.Second

var (
	checks int
	spaces = regexp.MustCompile(`\s+`)
)

// unmet is what a check panics with.
type unmet string

// check runs one check and writes its line.
func check(what string, holds func(ctx context.Context)) {
	checks++
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	defer func() {
		if why := recover(); why != nil {
			fmt.Printf("FAILED go: %s: %s\n", what, spaces.ReplaceAllString(fmt.Sprint(why), " "))
			return
		}
		fmt.Printf("ok go: %s\n", what)
	}()
	holds(ctx)
}

// must gives the value of a call that has to succeed.
func must[T any](value T, err error) T {
	succeeds(err)
	return value
}

func succeeds(err error) {
	if err != nil {
		panic(unmet(err.Error()))
	}
}

func equal(got, want any) {
	if !reflect.DeepEqual(got, want) {
		panic(unmet(fmt.Sprintf("%v, not %v", got, want)))
	}
}

func holds(condition bool, otherwise ...any) {
	if !condition {
		panic(unmet(fmt.Sprint(otherwise...)))
	}
}

// refused demands a Status with this code and reason, and returns it.
func refused(err error, code int32, reason metav1.StatusReason) metav1.Status {
	status, ok := err.(apierrors.APIStatus)
	if !ok {
		panic(unmet(fmt.Sprintf("not refused: %v", err)))
	}
	got := status.Status()
	equal([]any{got.Code, got.Reason}, []any{code, reason})
	return got
}

func contains(text, part string) {
	holds(strings.Contains(text, part), fmt.Sprintf("%q does not contain %q", text, part))
}

// eventually waits until the condition holds; seen tells what there was instead.
func eventually(condition func() bool, seen func() any) {
	for deadline := time.Now().Add(patience); !condition(); time.Sleep(10 * time.Millisecond) {
		holds(time.Now().Before(deadline), "still ", seen())
	}
}

// cutConnections cuts every connection to the server.
func cutConnections() {
	answer := must(http.Post(os.Getenv("DOOR_CONTROL"), "", nil))
	succeeds(answer.Body.Close())
}
