// Command facts reads Kubernetes' Go sources and writes what its OpenAPI documents leave out: the order of a type's
// fields, how Go holds them, their protobuf numbers and the values of enums. It needs nothing but the modules' files:
//
//	go mod download k8s.io/api@v0.36.3   (and apimachinery, apiextensions-apiserver, kube-aggregator)
//	go run ./facts > ../../openapi/facts/go-types.json
//
// The format, read by openapi/go-types.ts:
//
//	packages   short name → OpenAPI name of the Go package
//	structs    "<package>.<struct>" → its fields in Go's order, one token each:
//	             @                    metav1.TypeMeta, inlined
//	             +<number>:<type>     another inlined struct; the number is its field in protobuf, if it has one
//	             <name><mark><number>:<type>
//	           mark: * pointer, absent when nil      & pointer, null when nil
//	                 ? dropped when zero             ! always written
//	           number: the protobuf field; missing where the type is not sent in protobuf
//	           type: as Go's reflection prints it, but with short package names and none for the same package
//	named      named types that are not structs → what they are; "message" where protobuf wraps them
//	enums      types marked +enum → their values and the texts that kube-openapi adds to descriptions
//	lifecycle  deprecated kinds: deprecated since, removed in, replaced by
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Packages outside k8s.io/api, by import path.
var others = []string{
	"k8s.io/apimachinery/pkg/api/resource",
	"k8s.io/apimachinery/pkg/apis/meta/v1",
	"k8s.io/apimachinery/pkg/apis/meta/v1beta1",
	"k8s.io/apimachinery/pkg/runtime",
	"k8s.io/apimachinery/pkg/types",
	"k8s.io/apimachinery/pkg/util/intstr",
	"k8s.io/apimachinery/pkg/version",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1",
	"k8s.io/kube-aggregator/pkg/apis/apiregistration/v1",
}

type goPackage struct {
	path, short, openapi, dir string
	types                     map[string]*typeDecl
	consts                    []constDecl
	messages                  map[string]map[string]int
	lifecycle                 map[string]map[string]string
}

type typeDecl struct {
	spec    *ast.TypeSpec
	doc     string
	imports map[string]string
}

type constDecl struct {
	name, typ, comment string
	value              ast.Expr
	imports            map[string]string
}

type output struct {
	Packages  map[string]string            `json:"packages"`
	Structs   map[string]string            `json:"structs"`
	Named     map[string]string            `json:"named"`
	Enums     map[string]map[string]string `json:"enums"`
	Lifecycle map[string]map[string]string `json:"lifecycle"`
}

var packages = map[string]*goPackage{}

func main() {
	version := flag.String("version", "v0.36.3", "version of the k8s.io modules")
	flag.Parse()
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	check(err)
	module := func(path string) string {
		name, rest, _ := strings.Cut(strings.TrimPrefix(path, "k8s.io/"), "/")
		return filepath.Join(strings.TrimSpace(string(cache)), "k8s.io", name+"@"+*version, rest)
	}
	for _, path := range append(apiPackages(module("k8s.io/api")), others...) {
		packages[path] = load(path, module(path))
	}
	out := output{map[string]string{}, map[string]string{}, map[string]string{}, map[string]map[string]string{}, map[string]map[string]string{}}
	for _, p := range packages {
		if _, taken := out.Packages[p.short]; taken {
			log.Fatalf("two packages are called %s", p.short)
		}
		out.Packages[p.short] = p.openapi
		p.describe(&out)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	check(encoder.Encode(out))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

var versionName = regexp.MustCompile(`^v\d+((alpha|beta)\d+)?$`)

func apiPackages(root string) []string {
	var paths []string
	check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && versionName.MatchString(entry.Name()) {
			rel, _ := filepath.Rel(root, path)
			paths = append(paths, "k8s.io/api/"+rel)
		}
		return err
	}))
	return paths
}

// k8s.io/api/core/v1 → core, k8s.io/api/apps/v1beta1 → apps/v1beta1, apimachinery's resource → api/resource.
func shortName(path string) string {
	for prefix, group := range map[string]string{
		"k8s.io/api/":                              "",
		"k8s.io/apimachinery/pkg/apis/":            "",
		"k8s.io/apimachinery/pkg/api/":             "api/",
		"k8s.io/apimachinery/pkg/util/":            "",
		"k8s.io/apimachinery/pkg/":                 "",
		"k8s.io/apiextensions-apiserver/pkg/apis/": "",
		"k8s.io/kube-aggregator/pkg/apis/":         "",
	} {
		rest, found := strings.CutPrefix(path, prefix)
		if found && !strings.HasPrefix(rest, "api/") && !strings.HasPrefix(rest, "apis/") && !strings.HasPrefix(rest, "util/") {
			return group + strings.TrimSuffix(rest, "/v1")
		}
	}
	log.Fatalf("no short name for %s", path)
	return ""
}

func load(path, dir string) *goPackage {
	first, rest, _ := strings.Cut(path, "/")
	labels := strings.Split(first, ".")
	p := &goPackage{
		path: path, dir: dir, short: shortName(path),
		openapi:   labels[1] + "." + labels[0] + "." + strings.ReplaceAll(rest, "/", "."),
		types:     map[string]*typeDecl{},
		lifecycle: map[string]map[string]string{},
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	check(err)
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "generated.pb") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		check(err)
		p.read(file)
	}
	p.messages = readProto(filepath.Join(dir, "generated.proto"))
	return p
}

func (p *goPackage) read(file *ast.File) {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imports[name] = path
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.GenDecl:
			p.readDecl(decl, imports)
		case *ast.FuncDecl:
			p.readLifecycle(decl)
		}
	}
}

func (p *goPackage) readDecl(decl *ast.GenDecl, imports map[string]string) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			doc := spec.Doc
			if doc == nil {
				doc = decl.Doc
			}
			p.types[spec.Name.Name] = &typeDecl{spec, text(doc), imports}
		case *ast.ValueSpec:
			if decl.Tok == token.CONST {
				p.readConst(decl, spec, imports)
			}
		}
	}
}

func (p *goPackage) readConst(decl *ast.GenDecl, spec *ast.ValueSpec, imports map[string]string) {
	typ, ok := spec.Type.(*ast.Ident)
	for i, name := range spec.Names {
		if i >= len(spec.Values) {
			return
		}
		value := spec.Values[i]
		local := ""
		if ok {
			local = typ.Name
		} else if call, isCall := value.(*ast.CallExpr); isCall && len(call.Args) == 1 {
			// const A = Type("a")
			if fun, isIdent := call.Fun.(*ast.Ident); isIdent {
				local, value = fun.Name, call.Args[0]
			}
		}
		if local == "" {
			continue
		}
		doc := spec.Doc
		if doc == nil && !decl.Lparen.IsValid() {
			doc = decl.Doc
		}
		p.consts = append(p.consts, constDecl{name.Name, local, text(doc), value, imports})
	}
}

func text(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	return doc.Text()
}

var (
	lifecycleFunc = regexp.MustCompile(`^APILifecycle(Deprecated|Removed|Replacement)$`)
	integer       = regexp.MustCompile(`^\d+$`)
)

// zz_generated.prerelease-lifecycle.go: func (in *Kind) APILifecycleDeprecated() (major, minor int).
func (p *goPackage) readLifecycle(fn *ast.FuncDecl) {
	match := lifecycleFunc.FindStringSubmatch(fn.Name.Name)
	if match == nil || fn.Recv == nil {
		return
	}
	kind := fn.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name
	var parts []string
	ast.Inspect(fn.Body, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok {
			parts = append(parts, strings.Trim(literal.Value, `"`))
		}
		return true
	})
	if p.lifecycle[kind] == nil {
		p.lifecycle[kind] = map[string]string{}
	}
	separator := "/"
	if integer.MatchString(parts[0]) {
		separator = "."
	}
	p.lifecycle[kind][strings.ToLower(match[1])] = strings.Join(parts, separator)
}

var (
	protoMessage = regexp.MustCompile(`^message (\w+) \{`)
	protoField   = regexp.MustCompile(`^  (?:optional |repeated )?(?:map<.*> |\S+ )(\w+) = (\d+);`)
)

func readProto(name string) map[string]map[string]int {
	messages := map[string]map[string]int{}
	data, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return messages
	}
	check(err)
	current := ""
	for _, line := range strings.Split(string(data), "\n") {
		if match := protoMessage.FindStringSubmatch(line); match != nil {
			current = match[1]
			messages[current] = map[string]int{}
		} else if match := protoField.FindStringSubmatch(line); match != nil {
			messages[current][match[1]], err = strconv.Atoi(match[2])
			check(err)
		}
	}
	return messages
}

func (p *goPackage) describe(out *output) {
	for name, decl := range p.types {
		if !ast.IsExported(name) || decl.spec.Assign.IsValid() || strings.HasPrefix(name, "Protobuf") {
			continue
		}
		id := p.short + "." + name
		if structType, ok := decl.spec.Type.(*ast.StructType); ok {
			fields := p.fields(name, structType, decl)
			if fields != "" || len(structType.Fields.List) == 0 {
				out.Structs[id] = fields
			}
			continue
		}
		underlying := p.typeName(decl.spec.Type, decl)
		if _, isInterface := decl.spec.Type.(*ast.InterfaceType); isInterface || strings.Contains(underlying, unnamed) {
			continue
		}
		if _, ok := p.messages[name]; ok {
			underlying += " message"
		}
		out.Named[id] = underlying
		if strings.Contains("\n"+decl.doc, "\n+enum") && underlying == "string" {
			out.Enums[id] = p.enum(name)
		}
	}
	for kind, facts := range p.lifecycle {
		if facts["deprecated"] != "" {
			out.Lifecycle[p.short+"."+kind] = facts
		}
	}
}

var spaces = regexp.MustCompile(`\s+`)

// The text of a constant, which may be another package's: AddressType(v1.IPv4Protocol).
func (c constDecl) text() (string, bool) {
	switch value := c.value.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(value.Value)
		return text, err == nil
	case *ast.SelectorExpr:
		other := packages[c.imports[value.X.(*ast.Ident).Name]]
		if other == nil {
			return "", false
		}
		for _, c := range other.consts {
			if c.name == value.Sel.Name {
				return c.text()
			}
		}
	}
	return "", false
}

// As enum.go of kube-openapi: of two constants with one value the longer comment wins; the comment loses the
// constant's name.
func (p *goPackage) enum(typ string) map[string]string {
	best := map[string]constDecl{}
	for _, c := range p.consts {
		value, isText := c.text()
		if c.typ != typ || !isText {
			continue
		}
		old, taken := best[value]
		if !taken || len(old.comment) < len(c.comment) || len(old.comment) == len(c.comment) && old.comment > c.comment {
			best[value] = c
		}
	}
	values := map[string]string{}
	for value, c := range best {
		comment := strings.TrimPrefix(strings.TrimSpace(c.comment), c.name)
		values[value] = spaces.ReplaceAllString(strings.TrimSpace(comment), " ")
	}
	return values
}

func (p *goPackage) fields(name string, structType *ast.StructType, decl *typeDecl) string {
	var tokens []string
	message := p.messages[name]
	for _, field := range structType.Fields.List {
		if field.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(field.Tag.Value)
		check(err)
		jsonTag, hasJSON := lookup(tag, "json")
		if !hasJSON {
			continue
		}
		jsonName, options, _ := strings.Cut(jsonTag, ",")
		typ := p.typeName(field.Type, decl)
		switch {
		case jsonName == "-":
		case len(field.Names) == 0 && jsonName == "":
			tokens = append(tokens, inlined(typ, protoNumber(tag, message)))
		default:
			tokens = append(tokens, fmt.Sprintf("%s%s%s:%s", jsonName, mark(field.Type, typ, options, p, decl), protoNumber(tag, message), strings.TrimPrefix(typ, "*")))
		}
	}
	return strings.Join(tokens, " ")
}

func inlined(typ, number string) string {
	if typ == "TypeMeta" || typ == "meta.TypeMeta" {
		return "@"
	}
	return "+" + number + ":" + typ
}

func lookup(tag, key string) (string, bool) {
	_, rest, found := strings.Cut(tag, key+`:"`)
	value, _, _ := strings.Cut(rest, `"`)
	return value, found
}

func protoNumber(tag string, message map[string]int) string {
	value, found := lookup(tag, "protobuf")
	parts := strings.Split(value, ",")
	if message == nil || !found || len(parts) < 2 {
		return ""
	}
	// The generated message is what counts; the tag must agree with it.
	for _, part := range parts {
		if name, ok := strings.CutPrefix(part, "name="); ok && fmt.Sprint(message[name]) != parts[1] {
			log.Fatalf("protobuf tag %s is not in the message", value)
		}
	}
	return parts[1]
}

func mark(expr ast.Expr, typ, options string, p *goPackage, decl *typeDecl) string {
	omit := strings.Contains(options, "omit")
	if strings.HasPrefix(typ, "*") {
		if omit {
			return "*"
		}
		return "&"
	}
	// omitempty does not drop a struct, omitzero does.
	if omit && (!p.isStruct(expr, decl) || strings.Contains(options, "omitzero")) {
		return "?"
	}
	return "!"
}

func (p *goPackage) isStruct(expr ast.Expr, decl *typeDecl) bool {
	switch expr := expr.(type) {
	case *ast.StructType:
		return true
	case *ast.Ident:
		if target := p.types[expr.Name]; target != nil {
			return p.isStruct(target.spec.Type, target)
		}
	case *ast.SelectorExpr:
		target := packages[decl.imports[expr.X.(*ast.Ident).Name]]
		if target == nil {
			log.Fatalf("%s: package of %s is not read", p.path, p.typeName(expr, decl))
		}
		found := target.types[expr.Sel.Name]
		return found != nil && target.isStruct(found.spec.Type, found)
	}
	return false
}

// What no served type is made of: functions, channels.
const unnamed = "?"

func (p *goPackage) typeName(expr ast.Expr, decl *typeDecl) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		if target := p.types[expr.Name]; target != nil && target.spec.Assign.IsValid() {
			return p.typeName(target.spec.Type, target)
		}
		return expr.Name
	case *ast.StarExpr:
		return "*" + p.typeName(expr.X, decl)
	case *ast.ArrayType:
		return "[]" + p.typeName(expr.Elt, decl)
	case *ast.MapType:
		return "map[" + p.typeName(expr.Key, decl) + "]" + p.typeName(expr.Value, decl)
	case *ast.InterfaceType:
		return "any"
	case *ast.SelectorExpr:
		path := decl.imports[expr.X.(*ast.Ident).Name]
		if !strings.HasPrefix(path, "k8s.io/") {
			return path + "." + expr.Sel.Name
		}
		return shortName(path) + "." + expr.Sel.Name
	}
	return unnamed
}
