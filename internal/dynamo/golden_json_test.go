package dynamo_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// forms returns the items as texts by kind, in the order of their keys, without what is drawn at random.
func forms(t *testing.T, all []map[string]types.AttributeValue) map[string][]string {
	t.Helper()
	byKind := map[string][]string{}
	for _, i := range all {
		kind := kindOf(keyOf(i))
		if kind == "" {
			t.Errorf("%s is of no kind: add it to kinds", keyOf(i))
		}
		byKind[kind] = append(byKind[kind], encode(t, steady(t, kind, i)))
	}
	for _, texts := range byKind {
		slices.Sort(texts)
	}
	return byKind
}

// steady returns the item with a fixed word for what differs with each writing: a ciphertext that is made here, the
// name of a try, and the bytes of gzip.
func steady(t *testing.T, kind string, i map[string]types.AttributeValue) map[string]types.AttributeValue {
	t.Helper()
	i = maps.Clone(i)
	for name, v := range i {
		switch {
		case name == "try", strings.HasSuffix(name, "_sealed") && slices.Contains([]string{"sandbox_world", "somos_session", "link_key", "search_key"}, kind):
			i[name] = &types.AttributeValueMemberS{Value: "(differs with each writing)"}
		case name == "answer":
			answer := maps.Clone(v.(*types.AttributeValueMemberM).Value)
			if packed, ok := answer["packed"].(*types.AttributeValueMemberB); ok {
				r, err := gzip.NewReader(bytes.NewReader(packed.Value))
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				answer["packed"] = &types.AttributeValueMemberB{Value: text}
			}
			i[name] = &types.AttributeValueMemberM{Value: answer}
		}
	}
	return i
}

// encode returns the item in DynamoDB's JSON, with one attribute a line.
func encode(t *testing.T, i map[string]types.AttributeValue) string {
	t.Helper()
	var lines []string
	for _, name := range slices.SortedFunc(maps.Keys(i), func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	}) {
		text, err := json.Marshal(plain(t, i[name]))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("  %q: %s", name, text))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n}"
}

// place puts the keys first.
func place(attribute string) int {
	if attribute == "pk" || attribute == "sk" {
		return 0
	}
	return 1
}

func plain(t *testing.T, v types.AttributeValue) any {
	t.Helper()
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}
	case *types.AttributeValueMemberNULL:
		return map[string]any{"NULL": v.Value}
	case *types.AttributeValueMemberB:
		return map[string]any{"B": v.Value}
	case *types.AttributeValueMemberSS:
		return map[string]any{"SS": slices.Sorted(slices.Values(v.Value))}
	case *types.AttributeValueMemberL:
		all := make([]any, 0, len(v.Value))
		for _, x := range v.Value {
			all = append(all, plain(t, x))
		}
		return map[string]any{"L": all}
	case *types.AttributeValueMemberM:
		all := map[string]any{}
		for name, x := range v.Value {
			all[name] = plain(t, x)
		}
		return map[string]any{"M": all}
	}
	t.Fatalf("an attribute is a %T", v)
	return nil
}

func fromPlain(t *testing.T, v any) types.AttributeValue {
	t.Helper()
	for kind, x := range v.(map[string]any) {
		switch kind {
		case "S":
			return &types.AttributeValueMemberS{Value: x.(string)}
		case "N":
			return &types.AttributeValueMemberN{Value: x.(string)}
		case "BOOL":
			return &types.AttributeValueMemberBOOL{Value: x.(bool)}
		case "NULL":
			return &types.AttributeValueMemberNULL{Value: x.(bool)}
		case "B":
			raw, err := base64.StdEncoding.DecodeString(x.(string))
			if err != nil {
				t.Fatal(err)
			}
			return &types.AttributeValueMemberB{Value: raw}
		case "SS":
			set := &types.AttributeValueMemberSS{}
			for _, one := range x.([]any) {
				set.Value = append(set.Value, one.(string))
			}
			return set
		case "L":
			list := &types.AttributeValueMemberL{Value: []types.AttributeValue{}}
			for _, one := range x.([]any) {
				list.Value = append(list.Value, fromPlain(t, one))
			}
			return list
		case "M":
			all := &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{}}
			for name, one := range x.(map[string]any) {
				all.Value[name] = fromPlain(t, one)
			}
			return all
		}
	}
	t.Fatalf("%v is no attribute", v)
	return nil
}

// rewrite writes the items as golden files. A golden item stays where the new one differs only in what is drawn at
// random.
func rewrite(t *testing.T, dir string, all []map[string]types.AttributeValue) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	same := func(i map[string]types.AttributeValue) string { return encode(t, steady(t, kindOf(keyOf(i)), i)) }
	had := map[string]map[string]types.AttributeValue{}
	for _, i := range stored(t, dir) {
		had[same(i)] = i
	}
	texts := map[string][]string{}
	for _, i := range all {
		if old, ok := had[same(i)]; ok {
			i = old
		}
		kind := kindOf(keyOf(i))
		texts[kind] = append(texts[kind], encode(t, i))
	}
	for kind, list := range texts {
		slices.Sort(list)
		text := "[\n" + strings.Join(list, ",\n") + "\n]\n"
		if err := os.WriteFile(filepath.Join(dir, kind+".json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func keyOf(i map[string]types.AttributeValue) string { return value(i["pk"]) + "|" + value(i["sk"]) }

// stored reads the golden items of a form.
func stored(t *testing.T, dir string) []map[string]types.AttributeValue {
	t.Helper()
	files, err := fs.Glob(os.DirFS(dir), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]types.AttributeValue
	for _, file := range files {
		raw, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		var items []map[string]any
		if err := json.Unmarshal(raw, &items); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, i := range items {
			one := map[string]types.AttributeValue{}
			for name, v := range i {
				one[name] = fromPlain(t, v)
			}
			all = append(all, one)
		}
	}
	return all
}
