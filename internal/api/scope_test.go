package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"portway/infra"
	"portway/internal/account"
	"portway/internal/porting"
)

// Each call needs the scope by which it is listed here, and is refused to a key that has all others. A refused call changes
// nothing and names the scope.
func TestEveryCallNeedsItsScope(t *testing.T) {
	w := newWorld(t)
	w.five()
	withKeys(w)
	if err := w.store.AddKey(t.Context(), account.Key{Access: "Admin001", Account: mine, Created: now, Scopes: "admin"}); err != nil {
		t.Fatal(err)
	}
	for _, row := range routes {
		want := account.ScopeOrder
		switch {
		case row.method == "GET" || row.path == "/v2/portorders/portability":
			want = account.ScopeRead
		case strings.HasSuffix(row.path, "/loa"):
			want = account.ScopeSign
		case strings.HasPrefix(row.path, "/v2/account"):
			want = account.ScopeAdmin
		}
		target := strings.NewReplacer("{order}", w.ids["pending"], "{group}", w.ids["none group"], "{key}", "Admin001").Replace(row.path)
		for _, one := range account.AllScopes {
			others := slices.DeleteFunc(slices.Clone(account.AllScopes), func(s account.Scope) bool { return s == one })
			in := w.request(row.method, target, "", nil)
			in.RequestContext.Authorizer["scopes"] = words(others)
			out := w.send(in)
			refused := out.StatusCode == 403 && strings.Contains(out.Body, `"code":"key_scope"`)
			if refused != (one == want) {
				t.Errorf("%s without the scope %s: %d %.200s", row, one, out.StatusCode, out.Body)
			}
			if refused && !strings.Contains(out.Body, "does not have the scope "+string(one)) {
				t.Errorf("%s does not name the scope %s: %s", row, one, out.Body)
			}
		}
	}
}

func words(scopes []account.Scope) string {
	var all []string
	for _, one := range scopes {
		all = append(all, string(one))
	}
	return strings.Join(all, " ")
}

// No call takes a signature from a key that may not sign, whichever call it is. The calls that take one are those of the
// API's description.
func TestNoSignatureWithoutTheScope(t *testing.T) {
	var description struct {
		Paths      map[string]map[string]yaml.Node
		Components struct{ Schemas map[string]yaml.Node }
	}
	if err := yaml.Unmarshal([]byte(infra.OpenAPI()), &description); err != nil {
		t.Fatal(err)
	}
	text := func(n yaml.Node) string {
		raw, err := yaml.Marshal(&n)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	var signing []string // schemas of bodies with a signature, also by reference
	for again := true; again; {
		again = false
		for name, schema := range description.Components.Schemas {
			body := text(schema)
			signs := strings.Contains(body, "signature_name") || slices.ContainsFunc(signing, func(s string) bool {
				return strings.Contains(body, "schemas/"+s+"\"") || strings.Contains(body, "schemas/"+s+"'")
			})
			if signs && !slices.Contains(signing, name) {
				signing, again = append(signing, name), true
			}
		}
	}
	w := newWorld(t)
	w.five()
	tried := 0
	for path, methods := range description.Paths {
		for method, operation := range methods {
			var body struct {
				RequestBody map[string]any `yaml:"requestBody"`
			}
			if method == "parameters" {
				continue
			}
			if err := operation.Decode(&body); err != nil {
				t.Fatal(err)
			}
			raw, err := json.Marshal(body.RequestBody)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(signing, func(s string) bool { return strings.Contains(string(raw), "schemas/"+s+`"`) }) {
				continue
			}
			tried++
			target := strings.NewReplacer("{order}", w.ids["rejected"], "{portorder_id}", w.ids["rejected"], "{fix}", "1", "{group}", w.ids["rejected group"]).Replace(path)
			want := 403
			if strings.HasSuffix(path, "/{group}/changes") { // each order refuses it
				want = 207
			}
			in := w.request(strings.ToUpper(method), target, `{"data":{"attributes":{"signature_name":"Ada Lovelace","signature_title":"CEO","kind":"details"}}}`, nil)
			in.RequestContext.Authorizer["scopes"] = "read order admin"
			if out := w.send(in); out.StatusCode != want || !strings.Contains(out.Body, "does not have the scope sign") {
				t.Errorf("%s %s takes a signature: %d %.200s", method, target, out.StatusCode, out.Body)
			}
		}
	}
	if tried != 7 { // the LOA, and a change on the way, of an order and of a group; a change of details, a fix, a dispute
		t.Errorf("%d calls take a signature, and 7 are known", tried)
	}
}

// A link that signs is made by a key that may sign alone. Another key's link has everything else unless a scope is sent.
func TestNoLinkSignsWithoutTheScope(t *testing.T) {
	const path = "/v2/portorders/{pending}/links"
	for _, c := range []struct {
		name, scopes, target, attrs string
		status                      int
		expect                      string
	}{
		{"Asked", "read order admin", path, `"email":"jane@example.com","scope":["see","sign"]`, 403, "does not have the scope sign"},
		{"AskedWithoutEmail", "order", path, `"scope":["sign"]`, 403, "does not have the scope sign"},
		{"AskedInADryRun", "order", path + "?validate_only=true", `"email":"jane@example.com","scope":["sign"]`, 403,
			"does not have the scope sign"},
		{"AskedWithTheScope", "order sign", path, `"email":"jane@example.com","scope":["sign"]`, 201, `"scope":["see","sign"]`},
		{"NotAsked", "order", path, `"email":"jane@example.com"`, 201, `"scope":["see","comment","upload","correct","date","cancel"]`},
		{"NotAskedWithTheScope", "order sign", path, `"email":"jane@example.com"`, 201,
			`"scope":["see","comment","upload","correct","sign","date","cancel"]`},
		{"EverythingElse", "order", path, `"email":"jane@example.com","scope":["correct","date","cancel"]`, 201,
			`"scope":["see","correct","date","cancel"]`},
		{"NoEmail", "order", path, "", 201, `"scope":["see","comment","upload"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.five()
			in := w.request("POST", c.target, of("link", c.attrs), nil)
			in.RequestContext.Authorizer["scopes"] = c.scopes
			if out := w.send(in); out.StatusCode != c.status || !strings.Contains(out.Body, c.expect) {
				t.Errorf("%d %s", out.StatusCode, out.Body)
			}
			kept, err := w.store.Links(t.Context(), porting.OrderID(w.ids["pending"]))
			if made := len(kept) > 0; err != nil || made != (c.status == 201) {
				t.Errorf("%d links are kept (%v)", len(kept), err)
			}
		})
	}
}

// The function refuses what the gateway lets through: a call from outside of the key's ranges is answered as one with wrong
// credentials, and logged with the key's public id and the address.
func TestRangesAreCheckedAgain(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	for address, want := range map[string]int{"192.0.2.9": 200, "198.51.100.1": 401, "": 401} {
		in := w.request("GET", "/v2/account", "", nil)
		in.RequestContext.Authorizer["ranges"], in.RequestContext.Authorizer["key_id"] = "192.0.2.0/24", "key-aaaaaa"
		in.RequestContext.Identity.SourceIP = address
		if out := w.send(in); out.StatusCode != want {
			t.Errorf("from %q: %d %s", address, out.StatusCode, out.Body)
		}
	}
	if text := log.String(); !strings.Contains(text, `"key_id":"key-aaaaaa","address":"198.51.100.1"`) {
		t.Errorf("the refusal is not logged with key and address:\n%s", text)
	}
}

// A key makes no stronger one: neither a new key nor the successor of another one may open more than the caller's.
func TestNoKeyMakesAStrongerOne(t *testing.T) {
	inside := map[string]string{"10.0.0.0/8": "10.0.0.1", "10.0.0.0/8 2001:db8::/32": "10.0.0.1", "0.0.0.0/0": "10.0.0.1", "192.0.0.0/8": "192.0.2.1"}
	for _, c := range []struct {
		name, ranges, scopes, method, target, body string
		status                                     int
		expect                                     string
	}{
		{"OwnScopesUnlessSent", "", "read admin", "POST", "/v2/account/keys", "", 201, `"scopes":["read","admin"]`},
		{"FewerScopes", "", "read admin", "POST", "/v2/account/keys", of("key", `"scopes":["read"]`), 201, `"scopes":["read"]`},
		{"MoreScopes", "", "read admin", "POST", "/v2/account/keys", of("key", `"scopes":["read","sign"]`), 403, "does not have the scope sign"},
		{"SuccessorOfAStrongerKey", "", "read admin", "POST", "/v2/account/keys/MineOne1/rotate", "", 403, "does not have the scope order"},
		{"OwnRangesUnlessSent", "10.0.0.0/8 2001:db8::/32", "", "POST", "/v2/account/keys", "", 201,
			`"address_ranges":["10.0.0.0/8","2001:db8::/32"]`},
		{"NarrowerRanges", "10.0.0.0/8 2001:db8::/32", "", "POST", "/v2/account/keys",
			of("key", `"address_ranges":["10.1.0.0/16","10.0.0.7","2001:db8:1::/48","10.0.0.0/8"]`), 201, `"10.1.0.0/16","10.0.0.7/32"`},
		{"FromEverywhere", "10.0.0.0/8", "", "POST", "/v2/account/keys", of("key", `"address_ranges":[]`), 403, "has addresses that"},
		{"WiderRange", "10.0.0.0/8", "", "POST", "/v2/account/keys", of("key", `"address_ranges":["10.0.0.0/7"]`), 403, "has addresses that"},
		{"OtherRangeBesideOwn", "10.0.0.0/8", "", "POST", "/v2/account/keys",
			of("key", `"address_ranges":["10.0.0.0/8","192.0.2.0/24"]`), 403, "has addresses that"},
		{"RangeOfTheOtherKind", "0.0.0.0/0", "", "POST", "/v2/account/keys", of("key", `"address_ranges":["::/0"]`), 403, "has addresses that"},
		{"SuccessorOfAKeyFromEverywhere", "10.0.0.0/8", "", "POST", "/v2/account/keys/MineOne1/rotate", "", 403, "has addresses that"},
		{"SuccessorOfAKeyFromElsewhere", "10.0.0.0/8", "", "POST", "/v2/account/keys/Reads001/rotate", "", 403, "has addresses that"},
		{"SuccessorOfAKeyFromWithin", "192.0.0.0/8", "", "POST", "/v2/account/keys/Reads001/rotate", "", 201,
			`"address_ranges":["192.0.2.0/24"]`},
		{"SuccessorOfAWeakerKey", "", "", "POST", "/v2/account/keys/Reads001/rotate", "", 201, `"scopes":["read"],"address_ranges":["192.0.2.0/24"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			withKeys(w)
			if err := w.store.AddKey(t.Context(), account.Key{Access: "Reads001", Account: mine, Created: now, Scopes: "read", Ranges: "192.0.2.0/24"}); err != nil {
				t.Fatal(err)
			}
			in := w.request(c.method, c.target, c.body, nil)
			in.RequestContext.Authorizer["scopes"], in.RequestContext.Authorizer["ranges"] = c.scopes, c.ranges
			in.RequestContext.Identity.SourceIP = inside[c.ranges]
			if out := w.send(in); out.StatusCode != c.status || !strings.Contains(out.Body, c.expect) {
				t.Errorf("%d %s", out.StatusCode, out.Body)
			}
		})
	}
}
