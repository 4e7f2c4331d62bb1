package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"portway/infra/local/engine"
	"portway/infra/local/engine/enginetest"
	"portway/internal/orders"
	"portway/internal/porting"
)

// Orders that ended before a day are erased, with all files but LOAs of the last two years. Orders that go on, ended later, or
// share their group with one that goes on are left.
func TestErase(t *testing.T) {
	day := func(year int) time.Time { return time.Date(year, 6, 1, 12, 0, 0, 0, time.UTC) }
	full := func() *stack {
		s := newStack(t)
		s.bucket = objects{"kept/other/1/bill": true, "kept/acme/10/loa": true}
		for n, o := range []porting.Order{
			{Status: porting.Completed, StatusAt: day(2023), Group: "91", Given: porting.Given{Signature: porting.Signature{At: day(2023)}}},
			{Status: porting.Completed, StatusAt: day(2026), Group: "92"},
			{Status: porting.Cancelled, StatusAt: day(2023), Group: "93"},
			{Status: porting.Submitted, StatusAt: day(2023), Group: "93"},
			{Status: porting.Completed, StatusAt: day(2023), Group: "95", Given: porting.Given{Signature: porting.Signature{At: day(2026)}}},
		} {
			o.ID, o.Account, o.Version, o.Created = porting.OrderID(fmt.Sprint(n+1)), "acme", 1, day(2023)
			o.Numbers = []porting.Number{{TN: fmt.Sprintf("+1206555010%d", n)}}
			o.Documents = []porting.Document{{ID: "1", LOA: true, State: porting.DocumentComplete, Digest: "loa"}}
			for _, file := range []string{"kept/acme/%s/loa", "kept/acme/%s/bill", "incoming/acme/%s/1"} {
				s.bucket[fmt.Sprintf(file, o.ID)] = true
			}
			if err := s.Commit(t.Context(), orders.Change{After: o}, day(2023)); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	files := func(s *stack, order string) string {
		var all []string
		for _, key := range slices.Sorted(maps.Keys(s.bucket)) {
			if strings.Contains(key, "/acme/"+order+"/") {
				all = append(all, key[strings.LastIndex(key, "/")+1:])
			}
		}
		return strings.Join(all, " ")
	}
	line := []string{"erase", "-table", "T", "-bucket", "B"}

	t.Run("ByAge", func(t *testing.T) {
		s := full()
		code, out, problems := s.run(t, append(line, "-id", "acme", "-before", "2024-01-01")...)
		slices.Sort(s.erased)
		if code != done || !slices.Equal(s.erased, []porting.OrderID{"1", "5"}) || !strings.Contains(out, "2 erased, 1 left.") ||
			!strings.Contains(out, "Order 4 of the same group goes on") {
			t.Errorf("%d %s %s: erased %v", code, out, problems, s.erased)
		}
		for order, want := range map[string]string{"1": "", "2": "1 bill loa", "3": "1 bill loa", "4": "1 bill loa", "5": "loa", "10": "loa"} {
			if got := files(s, order); got != want {
				t.Errorf("order %s has the files %q, want %q", order, got, want)
			}
		}
		if !s.bucket["kept/other/1/bill"] {
			t.Error("another account's file is gone")
		}
	})
	t.Run("One", func(t *testing.T) {
		s := full()
		code, out, problems := s.run(t, append(line, "-order", "2")...)
		if code != done || !slices.Equal(s.erased, []porting.OrderID{"2"}) || files(s, "2") != "" || files(s, "1") == "" {
			t.Errorf("%d %s %s: erased %v", code, out, problems, s.erased)
		}
	})
	t.Run("NoneThatGoesOn", func(t *testing.T) {
		s := full()
		code, _, problems := s.run(t, append(line, "-order", "4")...)
		if code != notDone || s.erased != nil || !strings.Contains(problems, "has not ended") || files(s, "4") != "1 bill loa" {
			t.Errorf("%d %s", code, problems)
		}
	})
	for _, args := range [][]string{{}, {"-order", "1", "-id", "acme"}, {"-id", "acme"}, {"-before", "2024-01-01"}, {"-id", "acme", "-before", "soon"}} {
		s := full()
		if code, _, problems := s.run(t, append(line, args...)...); code != notDone || !strings.Contains(problems, "give -order") || s.erased != nil {
			t.Errorf("%v: %d %s", args, code, problems)
		}
	}
}

// A file is removed with its older versions and its delete markers. A file whose key begins alike stays.
func TestVersionsAreRemoved(t *testing.T) {
	client := s3.NewFromConfig(enginetest.Start(t, engine.Options{}).Config(), func(o *s3.Options) { o.UsePathStyle = true })
	name := "documents"
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: &name,
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}); err != nil {
		t.Fatal(err)
	}
	put := func(key, text string) {
		t.Helper()
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: &key, Body: strings.NewReader(text)}); err != nil {
			t.Fatal(err)
		}
	}
	put("kept/acme/1/bill", "one")
	put("kept/acme/1/bill", "two")
	put("kept/acme/1/bill2", "three")
	put("kept/acme/10/bill", "four")
	if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &name, Key: aws.String("kept/acme/1/bill")}); err != nil {
		t.Fatal(err)
	}
	v := versions{client}
	keys, err := v.Keys(t.Context(), name, "kept/acme/1/")
	if err != nil || !slices.Equal(keys, []string{"kept/acme/1/bill", "kept/acme/1/bill2"}) {
		t.Fatalf("%v, %v", keys, err)
	}
	if err := v.Remove(t.Context(), name, "kept/acme/1/bill"); err != nil {
		t.Fatal(err)
	}
	keys, err = v.Keys(t.Context(), name, "kept/acme/")
	if err != nil || !slices.Equal(keys, []string{"kept/acme/1/bill2", "kept/acme/10/bill"}) {
		t.Errorf("%v are left, %v", keys, err)
	}
}
