// Command pod-security asks the real evaluator of k8s.io/pod-security-admission about the pods of its own fixtures:
//
//	go run ./pod-security > ../../server/admission/pod-security/fixtures/answers.jsonl
//
// Every different pod of its oldest and its newest version comes once, with what the levels baseline and restricted say of it: a list of [minor, text], the
// text being true from that minor version on, "" for a pod that may pass.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

const newestMinor = 36

type answer struct {
	Pod        json.RawMessage `json:"pod"`
	Baseline   [][2]any        `json:"baseline"`
	Restricted [][2]any        `json:"restricted"`
}

func main() {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission").Output()
	check(err)
	var files []string
	for _, version := range []string{"v1.0", "v1.35"} {
		pattern := filepath.Join(strings.TrimSpace(string(module)), "test/testdata/*", version, "*/*.yaml")
		found, err := filepath.Glob(pattern)
		check(err)
		files = append(files, found...)
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	check(err)
	answers := map[string]answer{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		var pod corev1.Pod
		check(yaml.UnmarshalStrict(text, &pod))
		raw, err := yaml.YAMLToJSON(text)
		check(err)
		if _, known := answers[string(raw)]; known {
			continue
		}
		answers[string(raw)] = answer{
			Pod:        raw,
			Baseline:   verdicts(evaluator, api.LevelBaseline, &pod),
			Restricted: verdicts(evaluator, api.LevelRestricted, &pod),
		}
	}
	keys := make([]string, 0, len(answers))
	for key := range answers {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		line, err := json.Marshal(answers[key])
		check(err)
		fmt.Println(string(line))
	}
}

func verdicts(evaluator policy.Evaluator, level api.Level, pod *corev1.Pod) [][2]any {
	var all [][2]any
	for minor := 0; minor <= newestMinor; minor++ {
		version := api.LevelVersion{Level: level, Version: api.MajorMinorVersion(1, minor)}
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(version, &pod.ObjectMeta, &pod.Spec))
		text := result.ForbiddenDetail()
		if len(all) == 0 || all[len(all)-1][1] != text {
			all = append(all, [2]any{minor, text})
		}
	}
	return all
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
