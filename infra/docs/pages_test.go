// Package docs holds the documents of Portway, and the tests of what they claim: that every file, package, command, test
// and parameter that a page names exists, that links lead somewhere, and that the lists are whole.
package docs

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"portway/internal/metric"
)

const root = "../.."

// page is a document: the README, or a file beside this one.
type page struct {
	path string // from the root
	text string
}

// pages reads every document.
func pages(t *testing.T) []page {
	t.Helper()
	names, err := filepath.Glob("*.md")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	all := []page{{path: "README.md"}}
	for _, name := range names {
		all = append(all, page{path: "infra/docs/" + name})
	}
	for i := range all {
		all[i].text = read(t, all[i].path)
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// tree lists the files of the repository from the root, without what is installed, built or made for tests.
var tree = sync.OnceValue(func() []string {
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		if !d.IsDir() {
			files = append(files, strings.TrimPrefix(filepath.ToSlash(path), root+"/"))
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	return files
})

// sources are the files of the tree that are code, descriptions or tables.
func sources() []string {
	var all []string
	for _, file := range tree() {
		if strings.HasPrefix(file, "infra/docs/") || strings.HasSuffix(file, "package-lock.json") {
			continue
		}
		if slices.Contains([]string{".go", ".yaml", ".tsv", ".json"}, filepath.Ext(file)) || file == "Makefile" {
			all = append(all, file)
		}
	}
	return all
}

// rooms are the directories that hold a Go package.
func rooms() []string {
	var all []string
	for _, file := range tree() {
		if strings.HasSuffix(file, ".go") {
			all = append(all, filepath.ToSlash(filepath.Dir(file)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The README stays short enough to be read.
func TestReadmeIsShort(t *testing.T) {
	if n := strings.Count(read(t, "README.md"), "\n"); n > 140 {
		t.Errorf("the README has %d lines; move what only some readers need to infra/docs", n)
	}
}

// The README's map has a line for every package, once, and for nothing else. Functions share lines.
func TestMapHasEveryRoom(t *testing.T) {
	_, text, ok := strings.Cut(read(t, "README.md"), "\n## The rooms\n")
	_, text, fenced := strings.Cut(text, "\n```\n")
	text, _, ended := strings.Cut(text, "\n```\n")
	if !ok || !fenced || !ended {
		t.Fatal("the README has no map of the rooms")
	}
	told := map[string]int{}
	under := ""
	for line := range strings.Lines(text) {
		head, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(line, " ") {
			under = head
			if head != "functions/" {
				told[strings.TrimSuffix(head, "/")]++
				continue
			}
			head, rest, _ = strings.Cut(strings.TrimSpace(rest), " ")
		}
		for ; under == "functions/"; head, rest, _ = strings.Cut(rest, " ") {
			told[under+strings.TrimSuffix(head, ",")]++
			if !strings.HasSuffix(head, ",") {
				break
			}
		}
	}
	want := append(rooms(), "events")
	for _, room := range want {
		if told[room] != 1 {
			t.Errorf("the README's map tells of %s %d times", room, told[room])
		}
		delete(told, room)
	}
	for room := range told {
		t.Errorf("the README's map tells of %s, which holds no package", room)
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	fence   = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	span    = regexp.MustCompile("`([^`\n]+)`")
)

// Every link leads to a file and a heading that exist, and every page can be reached from the README.
func TestLinksLeadSomewhere(t *testing.T) {
	linked := map[string]bool{}
	for _, p := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(p.text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			target := p.path
			if file != "" {
				target = filepath.ToSlash(filepath.Join(filepath.Dir(p.path), file))
			}
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s links %s, which does not exist", p.path, m[1])
				continue
			}
			if p.path == "README.md" {
				linked[target] = true
			}
			if anchor != "" && !slices.Contains(anchors(read(t, target)), anchor) {
				t.Errorf("%s links %s, which is no heading there", p.path, m[1])
			}
		}
	}
	for _, p := range pages(t) {
		if p.path != "README.md" && !linked[p.path] {
			t.Errorf("the README does not link %s", p.path)
		}
	}
}

// anchors lists the names by which the headings of a page can be linked.
func anchors(text string) []string {
	var all []string
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}

// code lists the spans and the fenced blocks of a page, those of JSON and of drawings aside.
func (p page) code() []string {
	var all []string
	for _, m := range fence.FindAllStringSubmatch(p.text, -1) {
		if m[1] != "json" && m[1] != "mermaid" {
			all = append(all, m[2])
		}
	}
	for _, m := range span.FindAllStringSubmatch(fence.ReplaceAllString(p.text, ""), -1) {
		all = append(all, m[1])
	}
	return all
}

var (
	repoPath = regexp.MustCompile(`(?:^|[\s"(])(?:\./)?((?:functions|infra|internal|events)/[\w./*-]*[\w*/]|template\.yaml|samconfig\.toml|Makefile)`)
	bareFile = regexp.MustCompile(`^[\w.-]+\.(?:go|yaml|tsv|json|toml|txt|svg)$`)
	command  = regexp.MustCompile(`(?:^|\s)make ([a-z]+)`)
	sweep    = regexp.MustCompile(`make sweep NAME=([\w-]+)`)
	goTest   = regexp.MustCompile(`go test ((?:[^\n\\]|\\\n)*)`)
	testName = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`)
	ident    = regexp.MustCompile(`^([a-z]+)\.([A-Z]\w*)$`)
)

// made are files that a running stack, a command or an operator writes.
var made = []string{"stack.json", "parameters.yaml"}

// Every file, package, command, schedule and test that a page names exists.
func TestNamesExist(t *testing.T) {
	makefile, tests, exported := read(t, "Makefile"), testNames(t), idents(t)
	for _, p := range pages(t) {
		for _, code := range p.code() {
			for _, m := range repoPath.FindAllStringSubmatch(code, -1) {
				if strings.Contains(m[1], "/PACKAGE") || strings.Contains(m[1], "/NAME") { // any one
					continue
				}
				if found, err := filepath.Glob(filepath.Join(root, strings.TrimSuffix(m[1], "/..."))); err != nil || len(found) == 0 {
					t.Errorf("%s names %s, which does not exist", p.path, m[1])
				}
			}
			if bareFile.MatchString(code) && !slices.Contains(made, code) &&
				!slices.ContainsFunc(tree(), func(file string) bool { return filepath.Base(file) == code }) {
				t.Errorf("%s names the file %s, which does not exist", p.path, code)
			}
			for _, m := range command.FindAllStringSubmatch(code, -1) {
				if !strings.Contains(makefile, "\n"+m[1]+":") {
					t.Errorf("%s names make %s, which does not exist", p.path, m[1])
				}
			}
			for _, m := range sweep.FindAllStringSubmatch(code, -1) {
				if _, err := os.Stat(filepath.Join(root, "functions", m[1])); err != nil {
					t.Errorf("%s sweeps %s, which is no schedule", p.path, m[1])
				}
			}
			for _, name := range testName.FindAllString(code, -1) {
				if !slices.ContainsFunc(tests, func(have string) bool { return strings.HasPrefix(have, name) }) {
					t.Errorf("%s names the test %s, which does not exist", p.path, name)
				}
			}
			for _, m := range goTest.FindAllStringSubmatch(code, -1) {
				checkGoTest(t, p.path, m[1])
			}
			if m := ident.FindStringSubmatch(code); m != nil && exported[m[1]] != nil && !exported[m[1]][m[2]] {
				t.Errorf("%s names %s, which package %s does not declare", p.path, code, m[1])
			}
		}
	}
}

var (
	runFlag = regexp.MustCompile(`-run '?([\w|^$]+)'?`)
	ownFlag = regexp.MustCompile(`(?:^|\s)-(update[\w-]*|soak|pdfs|clients)\b`)
	inRoom  = regexp.MustCompile(`\./([\w./]+)`)
)

// checkGoTest finds what a go test command names: its tests, and the flags that the package's tests declare.
func checkGoTest(t *testing.T, where, args string) {
	room := inRoom.FindStringSubmatch(args)
	if room == nil || strings.Contains(room[1], "PACKAGE") {
		return
	}
	files, _ := filepath.Glob(filepath.Join(root, room[1], "*_test.go"))
	var text strings.Builder
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(raw)
	}
	if m := runFlag.FindStringSubmatch(args); m != nil {
		for name := range strings.SplitSeq(strings.Trim(m[1], "^$"), "|") {
			if !regexp.MustCompile(`func (Test|Fuzz)\w*` + strings.TrimPrefix(name, "Test") + `\w*\(`).MatchString(text.String()) {
				t.Errorf("%s: no test of %s is named %s", where, room[1], name)
			}
		}
	}
	for _, m := range ownFlag.FindAllStringSubmatch(args, -1) {
		if !strings.Contains(text.String(), `"`+m[1]+`"`) {
			t.Errorf("%s: the tests of %s have no flag -%s", where, room[1], m[1])
		}
	}
}

// testNames lists the tests and fuzz tests of the tree.
func testNames(t *testing.T) []string {
	var all []string
	for _, file := range tree() {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllStringSubmatch(read(t, file), -1) {
			all = append(all, m[1])
		}
	}
	return all
}

// idents are the exported names of each package of the tree, without its tests.
func idents(t *testing.T) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, file := range tree() {
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		name := parsed.Name.Name
		if all[name] == nil {
			all[name] = map[string]bool{}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.IsExported() {
				all[name][id.Name] = true
			}
			return true
		})
	}
	return all
}

// Every example in JSON and every drawing can be read.
func TestExamplesCanBeRead(t *testing.T) {
	for _, p := range pages(t) {
		for _, m := range fence.FindAllStringSubmatch(p.text, -1) {
			if m[1] == "json" && !json.Valid([]byte(m[2])) {
				t.Errorf("%s has JSON that can't be read:\n%s", p.path, m[2])
			}
			if m[1] == "mermaid" && strings.Contains(m[2], ";") {
				t.Errorf("%s has a drawing with a semicolon, at which a line of mermaid ends", p.path)
			}
		}
		for _, code := range p.code() {
			if strings.HasPrefix(code, "{\"") && !json.Valid([]byte(code)) {
				t.Errorf("%s has JSON that can't be read: %s", p.path, code)
			}
		}
	}
}

// table reads the rows of all tables of a text whose first column has this head: their cells, without the head.
func table(text, head string) [][]string {
	var all [][]string
	inside := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "| "+head+" |"):
			inside = true
		case !strings.HasPrefix(line, "|"):
			inside = false
		case inside && !strings.HasPrefix(line, "|---"):
			var cells []string
			for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
				cells = append(cells, strings.TrimSpace(cell))
			}
			all = append(all, cells)
		}
	}
	return all
}

// The page for operators explains every parameter of the template, once, and no other.
func TestOperateExplainsEveryParameter(t *testing.T) {
	told := map[string]int{}
	for _, row := range table(read(t, "infra/docs/operate.md"), "parameter") {
		for _, m := range span.FindAllStringSubmatch(row[0], -1) {
			told[m[1]]++
		}
	}
	_, text, _ := strings.Cut(read(t, "template.yaml"), "\nParameters:\n")
	text, _, _ = strings.Cut(text, "\nConditions:\n")
	names := regexp.MustCompile(`(?m)^  (\w+):`).FindAllStringSubmatch(text, -1)
	if len(names) < 10 {
		t.Fatalf("the template has %d parameters", len(names))
	}
	for _, m := range names {
		if told[m[1]] != 1 {
			t.Errorf("infra/docs/operate.md explains the parameter %s %d times", m[1], told[m[1]])
		}
		delete(told, m[1])
	}
	for name := range told {
		t.Errorf("infra/docs/operate.md explains %s, which is no parameter", name)
	}
}

// The page for operators lists every metric as the code has it.
func TestOperateListsTheMetrics(t *testing.T) {
	told := table(read(t, "infra/docs/operate.md"), "metric")
	var want [][]string
	for _, r := range metric.Rows() {
		by := "–"
		if r.Dimension != "" {
			by = "`" + r.Dimension + "`"
		}
		want = append(want, []string{"`" + r.Name + "`", string(r.Unit), by, r.Means})
	}
	for i, row := range want {
		if i >= len(told) || !slices.Equal(told[i], row) {
			t.Errorf("infra/docs/operate.md lacks the line\n| %s |", strings.Join(row, " | "))
		}
	}
	if len(told) > len(want) {
		t.Errorf("infra/docs/operate.md lists %d metrics, the code has %d", len(told), len(want))
	}
}

// The page for operators has one row for each alarm of the template: what it means, how to see it, what to do.
func TestOperateExplainsEveryAlarm(t *testing.T) {
	told := map[string]int{}
	for _, row := range table(read(t, "infra/docs/operate.md"), "alarm") {
		for _, m := range span.FindAllStringSubmatch(row[0], -1) {
			told[m[1]]++
		}
		if len(row) != 4 || slices.Contains(row, "") {
			t.Errorf("infra/docs/operate.md does not say of %s what it means, how to see it and what to do", row[0])
		}
	}
	form := regexp.MustCompile(`(?m)^  (\w+):\n    Type: AWS::CloudWatch::Alarm`)
	for _, m := range form.FindAllStringSubmatch(read(t, "template.yaml"), -1) {
		if told[m[1]] != 1 {
			t.Errorf("infra/docs/operate.md explains the alarm %s %d times", m[1], told[m[1]])
		}
		delete(told, m[1])
	}
	for name := range told {
		t.Errorf("infra/docs/operate.md explains %s, which is no alarm", name)
	}
}

// The page for operators names every alarm of the template and every decision that staff can take.
func TestOperateNamesWhatOperatorsMeet(t *testing.T) {
	named := map[string]bool{}
	for _, m := range span.FindAllStringSubmatch(read(t, "infra/docs/operate.md"), -1) {
		named[m[1]] = true
	}
	_, actions, _ := strings.Cut(read(t, "internal/desk/desk.go"), "\nvar actions = ")
	actions, _, _ = strings.Cut(actions, "\n}\n")
	for _, list := range []struct {
		what, text string
		form       *regexp.Regexp
	}{
		{"alarm", read(t, "template.yaml"), regexp.MustCompile(`(?m)^  (\w+):\n    Type: AWS::CloudWatch::Alarm`)},
		{"decision", actions, regexp.MustCompile(`(?m)^\t"(\w+)":`)},
	} {
		found := list.form.FindAllStringSubmatch(list.text, -1)
		if len(found) == 0 {
			t.Errorf("no %s was found", list.what)
		}
		for _, m := range found {
			if !named[m[1]] {
				t.Errorf("infra/docs/operate.md does not name the %s %s", list.what, m[1])
			}
		}
	}
}

// stems begin every citation. Only lines that hold one of them are searched, which takes a tenth of the time.
var stems = []string{"S-", "D-", "C-", "47 CFR", "U.S.C.", "RFC", "Executive", "FCC", "ublication", "ISO", "ATIS", "Canada", "Standard",
	"NANC", "libphone", "Amazon", "taxonomy", "CRTC", "Neustar", "NPAC", "NANPA", "Somos", "[spec", "[list", "[guide", "[old", "[page",
	"[SDK", "[C"}

// cites lists what a text cites. A citation may be broken over two lines of a comment.
func cites(text string) []string {
	var all []string
	lines := append(strings.Split(text, "\n"), "")
	for n, line := range lines {
		if slices.ContainsFunc(stems, func(stem string) bool { return strings.Contains(line, stem) }) {
			next := strings.TrimLeft(lines[min(n+1, len(lines)-1)], " \t/#")
			all = append(all, citation.FindAllString(line+" "+next, -1)...)
		}
	}
	return all
}

// citation finds what a comment, a rule or a description cites.
var citation = regexp.MustCompile(`\b[SDC]-[A-Z]{2,4}[0-9]?\b|47 CFR [0-9]+\.[0-9]+|[0-9]+ U\.S\.C\. [0-9]+|RFC [0-9]+` +
	`|Executive Order [0-9]+|FCC Tariff No\. [0-9]|(?i:\bpublication 28\b)|ISO 32000-2|ATIS-0300055|Canada Labour Code` +
	`|Standard Webhooks|NANC best practice|libphonenumber|Amazon SES developer guide|\b(?:taxonomy|CRTC|Neustar|NPAC|NANPA|Somos)\b` +
	`|\[(?:spec|list|guide|old guide|old list|page|SDK [a-z]+)\]|[ (]\[CC?[,\]]`)

// keyOf returns the key of a citation in the page of sources.
func keyOf(cited string) string {
	switch {
	case strings.HasPrefix(cited, "RFC "):
		return "RFC"
	case strings.EqualFold(cited, "publication 28"):
		return "Publication 28"
	case cited == "Amazon SES developer guide":
		return "SES"
	case strings.Contains(cited, "[C"):
		return strings.Trim(cited, " (,]") + "]"
	}
	return cited
}

// Every key that the code cites is in the page of sources with its title and address, and every key there is cited.
func TestSourcesAreWhole(t *testing.T) {
	listed := map[string]int{}
	for _, row := range table(read(t, "infra/docs/sources.md"), "key") {
		if len(row) != 3 || row[1] == "" || row[2] == "" {
			t.Errorf("infra/docs/sources.md: %q has no title or no address", row)
		}
		listed[row[0]]++
	}
	cited := map[string]string{}
	for _, file := range sources() {
		for _, m := range cites(read(t, file)) {
			cited[keyOf(m)] = file
		}
	}
	if len(cited) < 40 {
		t.Fatalf("only %d keys are cited", len(cited))
	}
	for key, file := range cited {
		if listed[key] != 1 {
			t.Errorf("%s cites %q, which infra/docs/sources.md lists %d times", file, key, listed[key])
		}
	}
	for key := range listed {
		if cited[key] == "" {
			t.Errorf("infra/docs/sources.md lists %q, which nothing cites", key)
		}
	}
}

// mark finds the places that the sources leave open, by their marks.
var mark = regexp.MustCompile(`our decision|\bassum(?:e|es|ed)\b|\(inferred\)|// \[[PI]\]`)

// explained finds lines that say what a mark means, or where the marks stand.
var explained = regexp.MustCompile(`"our decision" marks|assumed\.go`)

// Every decision that is marked in the code is in the page of decisions under its file, with the name that stands beside
// the mark, and every row there stands for one mark.
func TestDecisionsAreWhole(t *testing.T) {
	rows, text := map[string][]string{}, read(t, "infra/docs/decisions.md")
	for section := range strings.SplitSeq(text, "\n## ") {
		under := ""
		if title, _, _ := strings.Cut(section, "\n"); strings.HasPrefix(title, "`") {
			under = strings.Split(title, "`")[1]
		}
		for _, row := range table(section, "at") {
			if len(row) != 3 || row[1] == "" || row[2] == "" {
				t.Errorf("infra/docs/decisions.md: %q has no decision or no reason", row)
			}
			file, name := under, strings.Trim(row[0], "`")
			if parts := span.FindAllStringSubmatch(row[0], -1); len(parts) == 2 {
				file, name = strings.TrimPrefix(under+"/"+parts[0][1], "/"), parts[1][1]
			}
			rows[file] = append(rows[file], name)
		}
	}
	for _, file := range sources() {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		lines := strings.Split(read(t, file), "\n")
		left := rows[file]
		for n, line := range lines {
			if explained.MatchString(line) {
				continue
			}
			near := beside(lines, n)
			for range marksOf(lines, n) {
				i := slices.IndexFunc(left, func(name string) bool {
					return regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(near)
				})
				if i < 0 {
					t.Errorf("%s:%d: infra/docs/decisions.md has no row for\n%s", file, n+1, strings.TrimSpace(line))
					continue
				}
				left = slices.Delete(slices.Clone(left), i, i+1)
			}
		}
		if len(left) > 0 {
			t.Errorf("infra/docs/decisions.md has rows of %s without a mark in the code: %q", file, left)
		}
		delete(rows, file)
	}
	for file := range rows {
		t.Errorf("infra/docs/decisions.md has rows of %s, which does not exist", file)
	}
}

// marksOf counts the marks that begin in a line; one may be broken over two lines of a comment.
func marksOf(lines []string, n int) int {
	text := lines[n]
	if n+1 < len(lines) && strings.Contains(text, "// ") {
		text += " " + strings.TrimLeft(lines[n+1], " \t/")
	}
	begun := 0
	for _, at := range mark.FindAllStringIndex(text, -1) {
		if at[0] < len(lines[n]) {
			begun++
		}
	}
	return begun
}

// beside returns the line with a mark, the line before it, and the code that its comment stands above.
func beside(lines []string, n int) string {
	near := lines[n]
	if n > 0 {
		near = lines[n-1] + "\n" + near
	}
	for i := n; i < len(lines); i++ {
		if code := strings.TrimSpace(lines[i]); code != "" && !strings.HasPrefix(code, "//") {
			near += "\n" + lines[i]
			if i+1 < len(lines) && strings.HasSuffix(code, "(") { // a group of constants
				near += "\n" + lines[i+1]
			}
			break
		}
	}
	return near
}

// Every line of the tables of security.md names a test. TestNamesExist finds the names that are no test's.
func TestEveryPromiseOfSecurityHasItsTest(t *testing.T) {
	rows := 0
	for _, line := range strings.Split(read(t, "infra/docs/security.md"), "\n") {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") || strings.HasSuffix(line, "| test |") {
			continue
		}
		rows++
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 3 || !testName.MatchString(cells[2]) {
			t.Errorf("this line names no test: %s", line)
		}
	}
	if rows < 20 {
		t.Errorf("only %d lines were found", rows)
	}
}
