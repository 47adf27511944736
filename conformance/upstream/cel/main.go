// Command cel asks the real CEL compiler of the API server for what api/cel needs:
//
//	go run ./cel declarations > ../../api/cel/declarations.json
//	go run ./cel grammar > ../../api/cel/grammar.json
//	go run ./cel answers < ../../api/cel/fixtures/answers.json > /path/to/new/answers.json
//
//	declarations  functions and variables of the base environment, with the fields of protobuf's well-known types
//	grammar       the automata that ANTLR made of CEL's grammar, from cel-go's .interp files
//	answers       for every expression of the file what is wrong with it, or "": under "admission" as a condition of
//	              an admission policy with parameters, under "device" as a selector of devices
//
// Types are written bool, list(int), map(string, dyn), type(int), <T> for parameters, .name for structs, @name(...) for
// opaque types. Wrapper types of protobuf are written dyn.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	admissioncel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/cel/library"
	devicecel "k8s.io/dynamic-resource-allocation/cel"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: cel declarations|grammar|answers")
	}
	var result any
	switch os.Args[1] {
	case "declarations":
		result = declarations()
	case "grammar":
		result = grammar()
	case "answers":
		result = answers(os.Stdin)
	default:
		log.Fatalf("unknown command %q", os.Args[1])
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if os.Args[1] != "grammar" {
		out.SetIndent("", "  ")
	}
	check(out.Encode(result))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func typeText(t *types.Type) string {
	name := t.TypeName()
	switch t.Kind() {
	case types.StructKind:
		return "." + name
	case types.TypeParamKind:
		return "<" + name + ">"
	case types.AnyKind:
		return "any"
	case types.DurationKind:
		return "duration"
	case types.TimestampKind:
		return "timestamp"
	case types.NullTypeKind:
		return "null"
	case types.OpaqueKind:
		name = "@" + name
	case types.BoolKind, types.BytesKind, types.DoubleKind, types.IntKind, types.StringKind, types.UintKind:
		if t.IsAssignableType(types.NullType) {
			return "dyn"
		}
	}
	if len(t.Parameters()) == 0 {
		return name
	}
	parameters := []string{}
	for _, parameter := range t.Parameters() {
		parameters = append(parameters, typeText(parameter))
	}
	return name + "(" + strings.Join(parameters, ", ") + ")"
}

var wellKnown = strings.Fields("Any BoolValue BytesValue DoubleValue Duration Empty FloatValue Int32Value " +
	"Int64Value ListValue StringValue Struct Timestamp UInt32Value UInt64Value Value")

func declarations() any {
	env, err := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()).Env(environment.NewExpressions)
	check(err)
	env, err = env.Extend(library.JSONPatch())
	check(err)
	functions := map[string][]string{}
	for name, function := range env.Functions() {
		for _, overload := range function.OverloadDecls() {
			arguments := []string{}
			for _, argument := range overload.ArgTypes() {
				arguments = append(arguments, typeText(argument))
			}
			target := ""
			if overload.IsMemberFunction() {
				target, arguments = arguments[0]+".", arguments[1:]
			}
			text := target + "(" + strings.Join(arguments, ", ") + ") -> " + typeText(overload.ResultType())
			functions[name] = append(functions[name], text)
		}
	}
	variables := map[string]string{"google.protobuf.NullValue.NULL_VALUE": "int"}
	for _, variable := range env.Variables() {
		variables[variable.Name()] = typeText(variable.Type())
	}
	provider := env.CELTypeProvider()
	for _, name := range []string{"optional_type", "net.IP", "net.CIDR"} {
		if ident, ok := provider.FindIdent(name); ok {
			variables[name] = typeText(types.NewTypeTypeWithParam(ident.(*types.Type)))
		}
	}
	structs := map[string]map[string]string{}
	for _, short := range wellKnown {
		name := "google.protobuf." + short
		fields := map[string]string{}
		names, _ := provider.FindStructFieldNames(name)
		for _, field := range names {
			fieldType, _ := provider.FindStructFieldType(name, field)
			fields[field] = typeText(fieldType.Type)
		}
		structs[name] = fields
		if structType, ok := provider.FindStructType(name); ok {
			variables[name] = typeText(structType)
		}
	}
	return map[string]any{"functions": functions, "variables": variables, "structs": structs}
}

type grammarPart struct {
	Rules []string `json:"rules"`
	Atn   []int    `json:"atn"`
}

func grammar() any {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/cel-go").Output()
	check(err)
	read := func(name string) map[string]string {
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "parser", "gen", name))
		check(err)
		sections := map[string]string{}
		section := ""
		for _, line := range strings.Split(string(text), "\n") {
			if strings.HasSuffix(line, ":") && !strings.HasPrefix(line, "'") {
				section = strings.TrimSuffix(line, ":")
			} else if line != "" {
				sections[section] += line + "\n"
			}
		}
		return sections
	}
	names := func(text string) []*string {
		list := []*string{}
		for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			if line == "null" {
				list = append(list, nil)
			} else {
				list = append(list, &line)
			}
		}
		return list
	}
	part := func(sections map[string]string) grammarPart {
		result := grammarPart{Rules: strings.Split(strings.TrimSpace(sections["rule names"]), "\n")}
		check(json.Unmarshal([]byte(sections["atn"]), &result.Atn))
		return result
	}
	parser, lexer := read("CEL.interp"), read("CELLexer.interp")
	return map[string]any{
		"literalNames":  names(parser["token literal names"]),
		"symbolicNames": names(parser["token symbolic names"]),
		"parser":        part(parser),
		"lexer":         part(lexer),
	}
}

type condition struct{ text string }

func (c condition) GetExpression() string    { return c.text }
func (c condition) ReturnTypes() []*cel.Type { return []*cel.Type{cel.BoolType} }

func answers(in io.Reader) any {
	asked := map[string]map[string]string{}
	check(json.NewDecoder(in).Decode(&asked))
	compiler := admissioncel.NewCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	for text := range asked["admission"] {
		declared := admissioncel.OptionalVariableDeclarations{HasParams: true, HasAuthorizer: true}
		result := compiler.CompileCELExpression(condition{text}, declared, environment.NewExpressions)
		asked["admission"][text] = ""
		if result.Error != nil {
			asked["admission"][text] = result.Error.Detail
		}
	}
	devices := devicecel.GetCompiler(devicecel.Features{EnableConsumableCapacity: true})
	mode := environment.NewExpressions
	for text := range asked["device"] {
		result := devices.CompileCELExpression(text, devicecel.Options{EnvType: &mode})
		asked["device"][text] = ""
		if result.Error != nil {
			asked["device"][text] = result.Error.Detail
		}
	}
	for _, kind := range []string{"admission", "device"} {
		if len(asked[kind]) == 0 {
			log.Fatal(fmt.Sprintf("no expressions under %q", kind))
		}
	}
	return asked
}
