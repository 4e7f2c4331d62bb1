package desk_test

import (
	"os"
	"testing"
	"time"

	"portway/internal/bizday"
	"portway/internal/desk"
	"portway/internal/orders"
	"portway/internal/porting"
	"portway/internal/storetest"
)

// Whatever is typed at the desk, the reply says what is wrong with it. (There is no order here on which anything could
// be decided.)
func FuzzTake(f *testing.F) {
	sample, err := os.ReadFile("../../events/desk-action.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(`{"order":"7","action":"reject","initials":"AB","reasons":[{"code":"OTHER","numbers":[""]}]}`))
	f.Add([]byte(`{"order":7,"force":"yes"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, event []byte) {
		days, err := bizday.Named("npac", "America/Chicago")
		if err != nil {
			t.Fatal(err)
		}
		book := &orders.Book{Store: storetest.NewMemory(), Rules: porting.Standard(days),
			Now:    func() time.Time { return time.Unix(1772463600, 0) },
			Random: func() uint16 { return 1 }}
		reply, err := desk.Take(t.Context(), book, event)
		if err != nil || len(reply.Errors) == 0 {
			t.Errorf("%v, %+v", err, reply)
		}
		for _, fault := range reply.Errors {
			if fault.Code == "" || fault.Message == "" {
				t.Errorf("a poor fault: %+v", fault)
			}
		}
	})
}
